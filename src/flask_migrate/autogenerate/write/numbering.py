"""How PostgreSQL numbers rows: by a sequence of the column's own, as IDENTITY, or not at all."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask_migrate.autogenerate.operations import AlterColumn, RunSQL
from flask_migrate.autogenerate.write.casts import base
from flask_migrate.values.schema import Column, Identity, Kind, Name, Table

if TYPE_CHECKING:
    from flask_migrate.autogenerate.write.postgresql import PostgreSQL

_SERIAL = {"bigint": "BIGSERIAL", "smallint": "SMALLSERIAL"}
_TYPE = "sequence_type"
_UNLOGGED_SINCE = (15,)
_USUAL = {
    "increment": "SET INCREMENT BY 1",
    "minvalue": "SET NO MINVALUE",
    "maxvalue": "SET NO MAXVALUE",
    "cache": "SET CACHE 1",
    "cycle": "SET NO CYCLE",
}
_WORDS = {
    "increment": "SET INCREMENT BY {}",
    "minvalue": "SET MINVALUE {}",
    "maxvalue": "SET MAXVALUE {}",
    "start": "SET START WITH {}",
    "cache": "SET CACHE {}",
}


class Numbering:
    """Writes how the columns of a table are numbered.

    Args:
        table: The table.
        server: Quotes names, and makes statements.
    """

    def __init__(self, table: Name, *, server: "PostgreSQL") -> None:
        self._table = table
        self._server = server

    def add(self, column: Column) -> Iterator[RunSQL]:
        """Yield what adds a column with a sequence of its own."""
        serial = _SERIAL.get(column.type, "SERIAL")
        not_null = "" if column.nullable else " NOT NULL"
        yield self._server.run(
            f"ALTER TABLE {self._server.quoted(self._table)} ADD COLUMN "
            f"{self._server.quote(column.name)} {serial}{not_null}"
        )
        if column.comment is not None:
            comment = column.comment.replace("'", "''")
            name = f"{self._server.quoted(self._table)}.{self._server.quote(column.name)}"
            yield self._server.run(f"COMMENT ON COLUMN {name} IS '{comment}'")

    def rest_of(self, column: Column, table: Table) -> Iterator[RunSQL]:
        """Yield what a column of a new table lacks: a sequence that is no key's."""
        keys = {
            name
            for one in table.of_kind(Kind.PRIMARY_KEY)
            if one.definition.endswith(")") and "INCLUDE" not in one.definition
            for name in one.columns
        }
        if column.is_numbered and column.name not in keys:
            is_unlogged = "unlogged" in dict(table.options) and self._knows_unlogged
            yield from self._number(column, word="UNLOGGED " if is_unlogged else "")
        elif column.is_numbered and _TYPE in dict(column.options):
            yield self._retype(column)

    def before_change(self, before: Column, after: Column) -> Iterator[RunSQL]:
        """Yield what has to be done before a column changes."""
        if before.is_numbered and not after.is_numbered:
            yield self._server.alter_as_sql(self._table, after.name, "DROP DEFAULT")
            yield self._server.run(f"DROP SEQUENCE {self._sequence(after.name)}")
        if before.identity is not None and after.identity is None:
            yield self._server.alter_as_sql(self._table, after.name, "DROP IDENTITY")

    def leave_to_us(self, change: AlterColumn, before: Column, after: Column) -> None:
        """Take out of a change what is written by us: Alembic knows no order for it."""
        if before.identity is not None and (after.identity is not None or after.default is None):
            change.modify_server_default = False
        if before.identity is not None and after.identity is None:
            change.existing_server_default = False

    def after_change(self, before: Column, after: Column) -> Iterator[RunSQL]:
        """Yield what has to be done after a column has changed."""
        if after.is_numbered and not before.is_numbered:
            yield from self._number(after)
        elif after.is_numbered and self._sequence_type(before) != self._sequence_type(after):
            yield _last(self._retype(after))
        elif after.identity is not None and before.identity is None:
            yield _last(self._continue(after))
        elif after.identity is not None and before.identity is not None:
            yield from self._change_identity(before, after)

    @property
    def _knows_unlogged(self) -> bool:
        """Return whether the sequence of a table is UNLOGGED if the table is."""
        return (self._server.dialect.server_version_info or ()) >= _UNLOGGED_SINCE

    def _number(self, column: Column, *, word: str = "") -> Iterator[RunSQL]:
        sequence = self._sequence(column.name)
        owner = f"{self._server.quoted(self._table)}.{self._server.quote(column.name)}"
        yield self._server.run(
            f"CREATE {word}SEQUENCE {sequence} AS {self._sequence_type(column)} OWNED BY {owner}"
        )
        literal = sequence.replace("'", "''")
        yield self._server.alter_as_sql(
            self._table, column.name, f"SET DEFAULT nextval('{literal}')"
        )
        yield self._continue(column)

    def _change_identity(self, before: Column, after: Column) -> Iterator[RunSQL]:
        old, new = before.identity, after.identity
        assert old is not None  # noqa: S101  (it is on both sides)
        assert new is not None  # noqa: S101  (the same)
        actions = list(_identity_actions(old, new))
        if _bounds(old) != _bounds(new):
            actions.append("RESTART")
        if actions:
            yield self._server.alter_as_sql(self._table, after.name, " ".join(actions))
        if base(before.type) != base(after.type):
            sequence = self._sequence(after.name)
            yield _last(self._server.run(f"ALTER SEQUENCE {sequence} AS {after.type}"))
        if _bounds(old) != _bounds(new):
            yield _last(self._continue(after))

    def _retype(self, column: Column) -> RunSQL:
        sequence = self._sequence(column.name)
        return self._server.run(f"ALTER SEQUENCE {sequence} AS {self._sequence_type(column)}")

    @staticmethod
    def _sequence_type(column: Column) -> str:
        return dict(column.options).get(_TYPE, base(column.type))

    def _continue(self, column: Column) -> RunSQL:
        """Return a statement after which new rows get numbers that no row has.

        The last number counts as taken, and not the next one as free: there may be none.
        """
        name, where = self._server.quote(column.name), self._server.quoted(self._table)
        sequence = f"pg_get_serial_sequence({_literal(where)}, {_literal(column.name)})"
        first = _first(dict(column.identity.options)) if column.identity else "1"
        # GREATEST passes over the NULL of a table without rows.
        last, is_taken = (
            f"GREATEST(MAX({name}), {first})",
            f"COALESCE(MAX({name}) >= {first}, false)",
        )
        return self._server.run(
            f"SELECT setval({sequence}, {last}, {is_taken}) FROM {where}"  # noqa: S608  (quoted)
        )

    def _sequence(self, column: str) -> str:
        return self._server.quoted(Name(self._table.schema, f"{self._table.name}_{column}_seq"))


def _identity_actions(old: Identity, new: Identity) -> Iterator[str]:
    if old.is_always != new.is_always:
        yield f"SET GENERATED {'ALWAYS' if new.is_always else 'BY DEFAULT'}"
    before, after = dict(old.options), dict(new.options)
    for name, value in new.options:
        if before.get(name) != value and name != "as":
            yield "SET CYCLE" if name == "cycle" else _WORDS[name].format(value)
    for name in sorted(before.keys() - after.keys() - {"as"}):
        if name == "start":
            yield f"SET START WITH {_first(after)}"
        else:
            yield _USUAL[name]


def _bounds(identity: Identity) -> tuple[str | None, str | None]:
    options = dict(identity.options)
    return options.get("minvalue"), options.get("maxvalue")


def _first(options: dict[str, str]) -> str:
    """Return the first number, which is the lowest if nobody says another one."""
    if "start" in options:
        return options["start"]
    goes_up = not options.get("increment", "1").startswith("-")
    return options.get("minvalue", "1") if goes_up else options.get("maxvalue", "-1")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _last(statement: Any) -> Any:
    statement.is_last = True
    return statement
