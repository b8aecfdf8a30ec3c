"""The schemas of models, and scratch schemas that stand for them."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, text

from flask_migrate._sqlalchemy import item_type, sequences_of
from flask_migrate.values.schema import Name

PREFIX = "godwit_scratch_"

# What we make is in nobody's way; who is in ours does not hold us up for long.
_PATIENCE = "1s"
_SCHEMAS = text("""
SELECT s.name AS schema, quote_ident(s.name) AS quoted,
       s.name = :default OR s.name = ANY(current_schemas(false)) AS is_visible
FROM unnest(CAST(:schemas AS text[])) AS s (name)
ORDER BY s.name <> :default, array_position(current_schemas(false)::text[], s.name), s.name
""")
_SETTINGS = text("""
SELECT set_config('search_path', concat_ws(', ', CAST(:path AS text),
                                           nullif(current_setting('search_path'), '')), true),
       set_config('statement_timeout', '0', true), set_config('lock_timeout', :patience, true),
       set_config('check_function_bodies', 'off', true)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A scratch schema that stands for one of models.

    Attributes:
        name: Its name, which needs no quotes and is in no other text.
        schema: What the other one is called.
        quoted: The same as the server writes it in a text.
        is_visible: Whether what is in it is found without its name.
    """

    name: str
    schema: str
    quoted: str
    is_visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchPlace:
    """Some scratch schemas.

    Attributes:
        default: The schema for what names none.
        stand_ins: The scratch schemas, the one for the default schema first.
        home: One more, for what runs statements.
    """

    default: str
    stand_ins: tuple[StandIn, ...]
    home: str

    @property
    def names(self) -> Mapping[str | None, str]:
        """The scratch schemas by what they stand for; None is what names no schema."""
        names: dict[str | None, str] = {one.schema: one.name for one in self.stand_ins}
        return names | {None: names[self.default]}

    def real(self, name: Name) -> Name:
        """Return a name with the schema that it is in; it may be the default one."""
        return Name(name.schema or self.default, name.name)

    def short(self, name: Name) -> Name:
        """Return a name without the default schema."""
        return Name("", name.name) if name.schema == self.default else name


def schemas_of(connection: Connection, tables: Collection[Table]) -> set[str | None]:
    """Return the schemas that models need, those of what they refer to as well."""
    dialect = connection.dialect
    metadatas = {id(table.metadata): table.metadata for table in tables}.values()
    owners = [
        *tables,
        *(key.column.table for table in tables for key in table.foreign_keys),
        *(sequence for metadata in metadatas for sequence in sequences_of(metadata)),
        *(
            item_type(column.type.dialect_impl(dialect), dialect)
            for table in tables
            for column in table.columns
        ),
    ]
    return {getattr(owner, "schema", None) for owner in owners}


def make_place(
    connection: Connection, schemas: Collection[str | None], *, default: str
) -> ScratchPlace:
    """Make scratch schemas, in which names are looked up first from now on.

    Args:
        connection: In a transaction.
        schemas: The schemas that they stand for.
        default: The schema for what names none.
    """
    home = PREFIX + secrets.token_hex(5)
    wanted = sorted({schema or default for schema in (*schemas, default)})
    found = connection.execute(_SCHEMAS, {"schemas": wanted, "default": default}).mappings()
    stand_ins = tuple(StandIn(name=f"{home}_{number}", **row) for number, row in enumerate(found))
    for name in (home, *(one.name for one in stand_ins)):
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    path = ", ".join(one.name for one in stand_ins if one.is_visible)
    connection.execute(_SETTINGS, {"path": path, "patience": _PATIENCE})
    return ScratchPlace(default=default, stand_ins=stand_ins, home=home)
