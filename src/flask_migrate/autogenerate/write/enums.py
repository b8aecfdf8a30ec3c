"""PostgreSQL's types with a list of values: how they come, change and go."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_migrate.autogenerate.differences import Differences
from flask_migrate.autogenerate.operations import RunSQL
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write.remarks import values_refuse
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Column, EnumType, Name, Table

_OLD = "__old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enums:
    """Writes what happens to types with a list of values.

    Attributes:
        differences: What is to be settled.
        before: The side that it comes from.
        after: The side that it gets to.
        server: What is particular to the server.
    """

    differences: Differences
    before: Side
    after: Side
    server: Server

    def first(self) -> Iterator[RunSQL]:
        """Yield what comes before the tables: new types, and new values of old ones."""
        for one in self.differences.enums:
            if one.after is None:
                continue
            if one.before is None:
                if self._is_needed_early(one.after):
                    yield self._create(one.after)
            elif (added := added_labels(one.before.labels, one.after.labels)) is not None:
                yield from (self._add(one.after.name, *label) for label in added)
            else:
                yield from self._replace(one.before, one.after)

    def last(self) -> Iterator[RunSQL]:
        """Yield what comes after the tables: types that nothing uses any more."""
        for one in self.differences.enums:
            if one.after is None and one.before is not None and self._users(one.before.name):
                yield RunSQL(f"DROP TYPE {self.server.quoted(one.before.name)}")

    def is_created_by_table(self, name: Name) -> bool:
        """Return whether a type comes with the first new table that uses it."""
        new = next(
            (
                one.after
                for one in self.differences.enums
                if one.before is None and one.after is not None and one.after.name == name
            ),
            None,
        )
        return new is not None and not self._is_needed_early(new)

    def _is_needed_early(self, enum: EnumType) -> bool:
        new = {one.name for one in self.differences.tables if one.before is None}
        return any(table.name not in new for table, _ in self._users(enum.name, self.after))

    def _users(self, name: Name, side: Side | None = None) -> list[tuple[Table, Column]]:
        written = {self.server.quoted(name), f"{self.server.quoted(name)}[]"}
        tables = (side or self.before).snapshot.tables.values()
        return [(table, one) for table in tables for one in table.columns if one.type in written]

    def _create(self, enum: EnumType) -> RunSQL:
        labels = ", ".join(map(_literal, enum.labels))
        return RunSQL(escaped(f"CREATE TYPE {self.server.quoted(enum.name)} AS ENUM ({labels})"))

    def _add(self, name: Name, label: str, place: str, neighbour: str) -> RunSQL:
        where = f" {place} {_literal(neighbour)}" if neighbour else ""
        return RunSQL(
            escaped(f"ALTER TYPE {self.server.quoted(name)} ADD VALUE {_literal(label)}{where}")
        )

    def _replace(self, before: EnumType, after: EnumType) -> Iterator[RunSQL]:
        """Yield what puts a new type in place of an old one: values cannot go or move."""
        old = Name(before.name.schema, before.name.name + _OLD)
        name = self.server.quoted(before.name)
        renamed = RunSQL(f"ALTER TYPE {name} RENAME TO {self.server.quote(old.name)}")
        gone = [label for label in before.labels if label not in after.labels]
        if gone:
            renamed.remark = values_refuse(before, gone)
        yield renamed
        yield self._create(after)
        for table, column in self._users(before.name):
            if self._stays(table, column):
                yield from self._convert(table, column, name)
        yield RunSQL(f"DROP TYPE {self.server.quoted(old)}")

    def _stays(self, table: Table, column: Column) -> bool:
        after = self.after.snapshot.tables.get(table.name)
        return after is not None and after.column(column.name) is not None

    def _convert(self, table: Table, column: Column, name: str) -> Iterator[RunSQL]:
        place = f"ALTER TABLE {self.server.quoted(table.name)}"
        quoted = self.server.quote(column.name)
        array = "[]" if column.type.endswith("[]") else ""
        if column.default is not None:
            yield RunSQL(f"{place} ALTER COLUMN {quoted} DROP DEFAULT")
        yield RunSQL(
            f"{place} ALTER COLUMN {quoted} TYPE {name}{array} "
            f"USING {quoted}::text{array}::{name}{array}"
        )
        if column.default is not None:
            yield RunSQL(escaped(f"{place} ALTER COLUMN {quoted} SET DEFAULT {column.default}"))


def added_labels(
    before: tuple[str, ...], after: tuple[str, ...]
) -> list[tuple[str, str, str]] | None:
    """Return each new value, and where it goes, or None if values go or move.

    >>> added_labels(("low", "high"), ("low", "mid", "high", "top"))
    [('mid', 'AFTER', 'low'), ('top', 'AFTER', 'high')]
    >>> added_labels(("low",), ("none", "low"))
    [('none', 'BEFORE', 'low')]
    >>> added_labels(("low", "high"), ("high", "low"))
    """
    if [one for one in after if one in before] != list(before):
        return None
    found = []
    for place, label in enumerate(after):
        if label in before:
            continue
        if place:
            found.append((label, "AFTER", after[place - 1]))
        elif before:
            found.append((label, "BEFORE", before[0]))
        else:
            found.append((label, "", ""))
    return found


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
