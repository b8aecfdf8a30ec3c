"""PostgreSQL's types with a list of values, and domains: how they come, change and go."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_migrate.autogenerate.compare.users import users_of
from flask_migrate.autogenerate.differences import Differences
from flask_migrate.autogenerate.operations import RunSQL
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write.involved import OLD, can_grow, replaced_types
from flask_migrate.autogenerate.write.remarks import values_refuse
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import EnumType, Name


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
        """Yield what comes before the tables: new types, and new values of old ones.

        What cannot change makes place for another one; the columns follow with their tables.
        """
        for one in self.differences.enums:
            if one.after is None:
                continue
            if one.before is None:
                if self._is_needed_early(one.after):
                    yield self._create(one.after)
            elif can_grow(one.before.labels, one.after.labels):
                added = added_labels(one.before.labels, one.after.labels)
                yield from (self._add(one.after.name, *label) for label in added)
            else:
                yield self._rename(one.before, one.after)
                yield self._create(one.after)

    def last(self) -> Iterator[RunSQL]:
        """Yield what comes after the tables: types that nothing uses any more."""
        replaced = set(replaced_types(self.differences))
        for one in self.differences.enums:
            if one.before is None:
                continue
            name = one.before.name
            if one.after is None:
                yield RunSQL(f"DROP TYPE {self.server.quoted(name)}")
            elif name in replaced:
                yield RunSQL(f"DROP TYPE {self.server.quoted(Name(name.schema, name.name + OLD))}")

    def come_with_tables(self) -> frozenset[Name]:
        """Return the types that the first new table that uses them brings along."""
        return frozenset(
            one.after.name
            for one in self.differences.enums
            if one.before is None and one.after and not self._is_needed_early(one.after)
        )

    def _is_needed_early(self, enum: EnumType) -> bool:
        new = {one.name for one in self.differences.tables if one.before is None}
        return any(table.name not in new for table, _ in users_of(enum.name, self.after.snapshot))

    def _create(self, enum: EnumType) -> RunSQL:
        labels = ", ".join(map(_literal, enum.labels))
        return RunSQL(escaped(f"CREATE TYPE {self.server.quoted(enum.name)} AS ENUM ({labels})"))

    def _add(self, name: Name, label: str, place: str, neighbour: str) -> RunSQL:
        where = f" {place} {_literal(neighbour)}" if neighbour else ""
        added = RunSQL(
            escaped(f"ALTER TYPE {self.server.quoted(name)} ADD VALUE {_literal(label)}{where}")
        )
        added.is_committed = self._is_used_at_once(label)
        return added

    def _is_used_at_once(self, label: str) -> bool:
        """Return whether a later statement names a new value, which must be committed then."""
        texts = [
            text
            for table in self.differences.tables
            if table.after is not None
            for text in (
                *(one.default for one in table.after.columns),
                *(one.after.definition for one in table.constraints if one.after),
                *(one.after.definition for one in table.indexes if one.after),
            )
        ]
        return any(_literal(label) in text for text in texts if text)

    def _rename(self, before: EnumType, after: EnumType) -> RunSQL:
        name = before.name
        renamed = RunSQL(
            f"ALTER TYPE {self.server.quoted(name)} RENAME TO {self.server.quote(name.name + OLD)}"
        )
        gone = [label for label in before.labels if label not in after.labels]
        if gone:
            renamed.remark = values_refuse(before, gone)
        return renamed


def added_labels(before: tuple[str, ...], after: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return each new value, and where it goes.

    >>> added_labels(("low", "high"), ("low", "mid", "high", "top"))
    [('mid', 'AFTER', 'low'), ('top', 'AFTER', 'high')]
    >>> added_labels(("low",), ("none", "low"))
    [('none', 'BEFORE', 'low')]
    """
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
