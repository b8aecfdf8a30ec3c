"""Views, triggers, functions and procedures: the statements that make them.

Who made them is no part of it. There is one kind of it more than elsewhere: "procedure".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row

from flask_migrate.database.snapshots.mysql.catalog import Catalog
from flask_migrate.database.snapshots.mysql.constraints import qualified
from flask_migrate.database.snapshots.mysql.places import Places, literal, quote
from flask_migrate.database.snapshots.mysql.tables import Usual
from flask_migrate.values.schema import Code

_NAME = r"`(?:[^`]|``)*`"
_DEFINER = re.compile(rf"\ACREATE DEFINER={_NAME}(?:@{_NAME})? ")


def read_code(catalog: Catalog, *, usual: Mapping[str, Usual], places: Places) -> tuple[Code, ...]:
    """Return the views, triggers, functions and procedures, sorted by kind and name.

    Args:
        catalog: What information_schema says.
        usual: What there is in each database that nobody says anything about.
        places: The databases.
    """
    code = (
        *(_view(row, places) for row in catalog.views if row.view_definition),
        *_triggers(catalog.triggers, places),
        *_routines(catalog, usual, places),
    )
    return tuple(sorted(code, key=lambda one: (one.kind, one.name)))


def as_written(connection: Connection, code: Code) -> Code:
    """Return a function, a procedure or a trigger as it was written, but for its DEFINER.

    What information_schema tells of it has lost its backslashes. That is enough to compare it,
    and not to make it again.

    Args:
        connection: To the server.
        code: What is there.
    """
    if code.kind == "view" or code.name.schema:
        return code
    show = f"SHOW CREATE {code.kind.upper()} {qualified(code.name)}"
    text = connection.exec_driver_sql(show.replace("%", "%%")).one()[2]
    # Of what belongs to somebody else it is kept back.
    return code if text is None else replace(code, definition=_DEFINER.sub("CREATE ", text))


def _view(row: Row[Any], places: Places) -> Code:
    name = places.name(row.table_schema, row.table_name)
    algorithm = "" if row.algorithm == "UNDEFINED" else f"ALGORITHM={row.algorithm} "
    option = f" WITH {row.check_option} CHECK OPTION" if row.check_option != "NONE" else ""
    return Code(
        kind="view",
        name=name,
        definition=f"CREATE {algorithm}{_security(row)}VIEW {qualified(name)} "
        f"AS {places.shorten(row.view_definition)}{option}",
        uses=tuple(sorted(places.read(row.view_definition))),
    )


def _triggers(rows: Iterable[Row[Any]], places: Places) -> Iterator[Code]:
    last: dict[tuple[str, ...], str] = {}
    for row in rows:
        event = (row.table_schema, row.table_name, row.action_timing, row.event_manipulation)
        before = last.get(event)
        last[event] = row.trigger_name
        name = places.name(row.table_schema, row.trigger_name)
        table = places.name(row.table_schema, row.table_name)
        follows = f"FOLLOWS {quote(before)} " if before else ""
        yield Code(
            kind="trigger",
            name=name,
            definition=f"CREATE TRIGGER {qualified(name)} {row.action_timing} "
            f"{row.event_manipulation} ON {qualified(table)} FOR EACH ROW "
            f"{follows}{row.action_statement}",
            table=table,
        )


def _routines(catalog: Catalog, usual: Mapping[str, Usual], places: Places) -> Iterator[Code]:
    parameters: dict[tuple[str, ...], list[Row[Any]]] = {}
    for row in catalog.parameters:
        key = (row.table_schema, row.routine_type, row.routine_name)
        parameters.setdefault(key, []).append(row)
    for row in catalog.routines:
        # The text of what belongs to somebody else is kept back.
        if row.routine_type in {"FUNCTION", "PROCEDURE"} and row.routine_definition is not None:
            key = (row.table_schema, row.routine_type, row.routine_name)
            collation = usual[row.table_schema].collation
            yield _routine(row, parameters.get(key, ()), collation, places)


def _routine(row: Row[Any], parameters: Sequence[Row[Any]], collation: str, places: Places) -> Code:
    name = places.name(row.table_schema, row.routine_name)
    is_function = row.routine_type == "FUNCTION"
    arguments = ", ".join(
        _parameter(one, collation, has_mode=not is_function)
        for one in parameters
        if one.ordinal_position
    )
    results = [_type(one, collation) for one in parameters if not one.ordinal_position]
    words = (
        f"CREATE {row.routine_type} {qualified(name)}({arguments})",
        *(f"RETURNS {one}" for one in results),
        *(["DETERMINISTIC"] if row.is_deterministic == "YES" else []),
        *([row.sql_data_access] if row.sql_data_access != "CONTAINS SQL" else []),
        _security(row).strip(),
        f"COMMENT {literal(row.routine_comment)}" if row.routine_comment else "",
        row.routine_definition,
    )
    return Code(kind=row.routine_type.lower(), name=name, definition=" ".join(filter(None, words)))


def _parameter(row: Row[Any], collation: str, *, has_mode: bool) -> str:
    mode = f"{row.parameter_mode} " if has_mode else ""
    return f"{mode}{quote(row.parameter_name)} {_type(row, collation)}"


def _type(row: Row[Any], collation: str) -> str:
    type_ = str(row.dtd_identifier)
    if row.collation_name in {None, collation}:
        return type_
    charset = row.collation_name.partition("_")[0]
    return f"{type_} CHARSET {charset} COLLATE {row.collation_name}"


def _security(row: Row[Any]) -> str:
    return "SQL SECURITY INVOKER " if row.security_type == "INVOKER" else ""
