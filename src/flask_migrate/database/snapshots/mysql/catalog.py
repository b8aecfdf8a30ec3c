"""What is asked of information_schema: a handful of questions, however many tables there are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    column,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy import literal as constant

from flask_migrate.database.snapshots.mysql.flavours import Flavour

Rows: TypeAlias = Sequence[Row[Any]]
Question: TypeAlias = Callable[[str], Select[Any]]

TABLES = frozenset({"BASE TABLE", "SYSTEM VERSIONED"})
"""The types of what is a table, and no view and no sequence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """What information_schema says of some databases.

    Attributes:
        databases: Those that exist.
        tables: The views and the sequences too.
        columns: Those of views too.
        indexes: A row for each column of each index.
        keys: A row for each column of each foreign key, in its order.
        rules: A row for each foreign key.
        checks: A row for each CHECK.
        partitions: A row for each partition, in their order.
        sequences: What each sequence says of itself.
        views: A row for each.
        triggers: A row for each, in the order in which they run.
        routines: A row for each function and procedure.
        parameters: Of functions and procedures, in their order.
    """

    databases: Rows
    tables: Rows
    columns: Rows
    indexes: Rows
    keys: Rows
    rules: Rows
    checks: Rows
    partitions: Rows
    sequences: Rows
    views: Rows
    triggers: Rows
    routines: Rows
    parameters: Rows


def ask_for_all(connection: Connection, databases: Sequence[str], flavour: Flavour) -> Catalog:
    """Return what information_schema says of some databases.

    Args:
        connection: To the server.
        databases: Their names.
        flavour: How the server says it.
    """

    def ask(question: Question, *, only_if: object = True) -> Rows:
        return _ask(connection, databases, question) if only_if else ()

    tables = ask(_TABLES)
    keys = ask(_KEYS)
    routines = ask(_ROUTINES)
    types = {row.table_type for row in tables}
    return Catalog(
        databases=ask(_DATABASES),
        tables=tables,
        columns=ask(_columns(flavour)),
        indexes=ask(_indexes(flavour)),
        keys=sorted(keys, key=lambda row: row.ordinal_position),
        rules=ask(_RULES, only_if=keys),
        checks=ask(flavour.checks),
        partitions=sorted(
            ask(_PARTITIONS, only_if=any(map(is_partitioned, tables))),
            key=lambda row: (row.partition_position or 0, row.subpartition_position or 0),
        ),
        sequences=_sequences(connection, tables),
        views=ask(_views(flavour), only_if="VIEW" in types),
        triggers=sorted(ask(_TRIGGERS), key=lambda row: row.action_order),
        routines=routines,
        parameters=sorted(ask(_PARAMETERS, only_if=routines), key=lambda row: row.ordinal_position),
    )


def is_partitioned(row: Row[Any]) -> bool:
    """Return whether a table has partitions."""
    return "partitioned" in (row.create_options or "")


def ask_for_counters(connection: Connection, databases: Sequence[str]) -> Rows:
    """Return what AUTO_INCREMENT comes next in each table that some databases have."""
    return _ask(connection, databases, _COUNTERS)


def _ask(connection: Connection, databases: Sequence[str], question: Question) -> Rows:
    # Only a name that is compared with = is looked up; an IN goes through all databases.
    selects = [question(database) for database in databases]
    return connection.execute(union_all(*selects)).all() if selects else ()


def _sequences(connection: Connection, tables: Rows) -> Rows:
    names = [row for row in tables if row.table_type == "SEQUENCE"]
    selects = [_sequence(row.table_schema, row.table_name) for row in names]
    return connection.execute(union_all(*selects)).all() if selects else ()


def _sequence(database: str, name: str) -> Select[Any]:
    told = (
        "start_value",
        "minimum_value",
        "maximum_value",
        "increment",
        "cache_size",
        "cycle_option",
    )
    found = table(name, *map(column, told), schema=database)
    return select(
        constant(database).label("sequence_schema"),
        constant(name).label("sequence_name"),
        *(found.c[one] for one in told),
    )


def _question(view: str, schema: str, names: str, *more: ColumnElement[Any]) -> Question:
    """Return the question for some columns of a view of information_schema.

    Args:
        view: Its name.
        schema: Its column with the database, which is called "table_schema" in the answer.
        names: The columns; "old=new" calls a column by another name.
        more: Other things to ask for.
    """
    wanted = dict(_renamed(names))
    found = table(view, *map(column, {schema, *wanted}), schema="information_schema")
    base = select(
        found.c[schema].label("table_schema"),
        *(found.c[old].label(new) for old, new in wanted.items()),
        *more,
    )
    return lambda database: base.where(found.c[schema] == database)


def _renamed(names: str) -> Iterator[tuple[str, str]]:
    for one in names.split():
        old, _, new = one.partition("=")
        yield old, new or old


def _columns(flavour: Flavour) -> Question:
    return _question(
        "columns",
        "table_schema",
        """table_name column_name ordinal_position column_default is_nullable column_type
        collation_name extra column_comment generation_expression""",
        flavour.srs.label("srs"),
    )


def _indexes(flavour: Flavour) -> Question:
    return _question(
        "statistics",
        "table_schema",
        """table_name index_name seq_in_index column_name non_unique sub_part index_type
        collation=direction index_comment""",
        flavour.is_hidden.label("is_hidden"),
        flavour.expression.label("expression"),
    )


def _views(flavour: Flavour) -> Question:
    return _question(
        "views",
        "table_schema",
        "table_name view_definition check_option security_type",
        flavour.algorithm.label("algorithm"),
    )


def _foreign_keys() -> Question:
    names = """table_name constraint_name column_name ordinal_position
    referenced_table_schema referenced_table_name referenced_column_name"""
    question = _question("key_column_usage", "table_schema", names)
    is_foreign = column("referenced_table_name").is_not(None)
    return lambda database: question(database).where(is_foreign)


_DATABASES = _question(
    "schemata",
    "schema_name",
    "default_collation_name",
    literal_column("@@default_storage_engine").label("usual_engine"),
)
_TABLES = _question(
    "tables",
    "table_schema",
    "table_name table_type engine table_collation table_comment create_options",
)
_COUNTERS = _question("tables", "table_schema", "table_name auto_increment=next_number")
_KEYS = _foreign_keys()
_RULES = _question(
    "referential_constraints",
    "constraint_schema",
    "table_name constraint_name update_rule delete_rule",
)
_PARTITIONS = _question(
    "partitions",
    "table_schema",
    """table_name partition_name subpartition_name
    partition_ordinal_position=partition_position
    subpartition_ordinal_position=subpartition_position
    partition_method subpartition_method partition_expression subpartition_expression
    partition_description partition_comment""",
)
_TRIGGERS = _question(
    "triggers",
    # The same as trigger_schema, but MariaDB would go through all databases for that one.
    "event_object_schema",
    """trigger_name event_manipulation event_object_table=table_name action_order
    action_statement action_timing""",
)
_ROUTINES = _question(
    "routines",
    "routine_schema",
    """routine_name routine_type routine_definition is_deterministic sql_data_access
    security_type routine_comment""",
)
_PARAMETERS = _question(
    "parameters",
    "specific_schema",
    """specific_name=routine_name routine_type ordinal_position parameter_mode parameter_name
    dtd_identifier collation_name""",
)
