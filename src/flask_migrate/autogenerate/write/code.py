"""Views, functions and triggers that come, go, change, or are in the way of a change. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from flask_migrate.autogenerate.compare.code import (
    Key,
    Read,
    gone_from,
    in_order,
    key_of,
    uses,
)
from flask_migrate.autogenerate.differences import Difference, Differences
from flask_migrate.autogenerate.operations import CodeSQL, RunSQL
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write.involved import is_converted, is_made_anew
from flask_migrate.autogenerate.write.remarks import view_lost
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.declarations.statement import VIEWS, or_replaced
from flask_migrate.values.schema import Code, Column, Snapshot, Table

_ROUTINES = ("function", "procedure")
_PARTS = ("index", "trigger")
AFTER_HEAD = "\n LANGUAGE "
"""What comes after the arguments and the result of a function, as PostgreSQL writes it."""

_ABOUT_COLUMN = "COMMENT ON COLUMN "


@dataclass(frozen=True, kw_only=True)
class CodeWriter:
    """Writes what becomes of code, around everything that happens to tables.

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
        """Yield what drops code before anything else happens."""
        return (self._drop(one) for one in self._dropped if not self._serves_before(one))

    def early(self) -> Iterator[RunSQL]:
        """Yield what makes functions that tables need."""
        for one in self._created:
            if self._serves_after(one):
                yield from self._create(one)

    def late(self) -> Iterator[RunSQL]:
        """Yield what drops functions that tables have needed."""
        return (self._drop(one) for one in self._dropped if self._serves_before(one))

    def last(self) -> Iterator[RunSQL]:
        """Yield what makes code after everything else has happened."""
        for one in self._created:
            if not self._serves_after(one):
                yield from self._create(one)

    def _serves_before(self, one: Code) -> bool:
        comes_back = any(key_of(one) == key_of(other) for other in self._after)
        return not comes_back and _serves(one, self.before.snapshot)

    def _serves_after(self, one: Code) -> bool:
        return _serves(one, self.after.snapshot)

    def _drop(self, one: Code) -> CodeSQL:
        known = self._pairs.get(key_of(one))
        statement = CodeSQL(escaped(self.server.drop_code(one)), code=one)
        if known is not None and known.after is None:
            statement.verb = "drop"
        if one in self.differences.lost:
            statement.remark = view_lost(one.name)
        return statement

    def _create(self, one: Code) -> Iterator[CodeSQL]:
        known = self._pairs.get(key_of(one))
        sql = one.source or one.definition
        if known is not None and known.before is not None and self._is_replaced(known):
            sql = or_replaced(sql)
        statement = CodeSQL(escaped(sql), code=one)
        statement.is_declared = one.source is not None
        if known is not None:
            statement.verb = "add" if known.before is None else "change"
        yield statement
        for further in self._further(one):
            yield CodeSQL(escaped(further), code=one)

    def _further(self, one: Code) -> Iterator[str]:
        """Yield what is said of a view besides, or was said of it before."""
        old = next((old for old in self._before if key_of(old) == key_of(one)), one)
        is_same = old.definition == one.definition
        for statement in one.further or old.further:
            if is_same or not statement.startswith(_ABOUT_COLUMN):
                yield statement

    @property
    def _before(self) -> tuple[Code, ...]:
        return self.before.snapshot.code

    @property
    def _after(self) -> tuple[Code, ...]:
        return self.after.snapshot.code

    @cached_property
    def _pairs(self) -> dict[Key, Difference[Code]]:
        return {
            key_of(known): one
            for one in self.differences.code
            if (known := one.after or one.before)
        }

    def _is_replaced(self, one: Difference[Code]) -> bool:
        """Return whether code takes the place of what is there, without a drop."""
        before, after = one.before, one.after
        return before is not None and after is not None and self.server.replaces(before, after)

    @cached_property
    def _going(self) -> list[Code]:
        """What goes, and what comes back or becomes something else after that."""
        replaced = {key for key, one in self._pairs.items() if self._is_replaced(one)}
        going = [one for one in self._before if key_of(one) in self._pairs.keys() - replaced]
        touched = self._touched()
        while more := [
            one
            for one in self._before
            if one not in going and self._is_in_the_way(one, going, touched)
        ]:
            going += more
        return going

    def _is_in_the_way(self, one: Code, going: Collection[Code], touched: set[Read]) -> bool:
        """Return whether code cannot stay while other code goes, and columns change."""
        views = [other for other in going if other.kind in VIEWS]
        if any(one.table == view.name for view in views):
            return True
        if one.kind in VIEWS and any(use in self._read_and_gone for use in one.uses):
            return True
        if not self.server.code_is_in_the_way:
            return False
        if one.kind in _ROUTINES:
            return any(_returns(one, view) for view in views)
        is_touched = any(use in touched for use in one.uses) or _fires_for(one, touched)
        needed = [*views, *(other for other in going if other.kind in _ROUTINES)]
        return is_touched or any(uses(one, other) for other in needed)

    @cached_property
    def _read_and_gone(self) -> frozenset[Read]:
        return gone_from(self.differences.tables).columns

    def _touched(self) -> set[Read]:
        """Return the columns that nothing may read while they change."""
        return {
            (table.name, column.after.name)
            for table in self.differences.tables
            for column in table.columns
            if column.before
            and column.after
            and (is_converted(column) or is_made_anew(column.before, column.after))
        } | self._read_and_gone

    @cached_property
    def _dropped(self) -> list[Code]:
        """What a statement drops."""
        going = in_order(self._going)
        return [one for one in reversed(going) if not self._goes_along(one, going)]

    def _goes_along(self, one: Code, going: Collection[Code]) -> bool:
        """Return whether code goes with what it belongs to, before anything it uses is to go."""
        if any(one.table == other.name for other in going if other.kind in VIEWS):
            return True
        if one.table not in gone_from(self.differences.tables).tables:
            return False
        return not any(uses(one, other) for other in going if other.kind in _ROUTINES)

    @cached_property
    def _created(self) -> tuple[Code, ...]:
        keys = {key_of(one) for one in self._going} | self._pairs.keys()
        made = [one for one in self._after if key_of(one) in keys]
        names = {one.name for one in made if one.kind in VIEWS}
        parts = [one for one in self._after if one.kind in _PARTS and one.table in names]
        return in_order([*made, *(one for one in parts if one not in made)])


def _fires_for(one: Code, touched: set[Read]) -> bool:
    """Return whether a trigger names a column: it may be one for changes of that."""
    return one.kind == "trigger" and any(
        table == one.table and _is_in(column, one.definition) for table, column in touched
    )


def _returns(one: Code, view: Code) -> bool:
    """Return whether a function takes or returns rows of a view; its body does not matter."""
    return _is_in(view.name.name, one.definition.partition(AFTER_HEAD)[0])


def _serves(one: Code, snapshot: Snapshot) -> bool:
    """Return whether a table may need a function: a default, a CHECK, a computed column."""
    if one.kind not in _ROUTINES:
        return False
    return any(
        _is_in(one.name.name, text) for table in snapshot.tables.values() for text in _texts(table)
    )


def _texts(table: Table) -> Iterator[str]:
    yield from (one.definition for one in table.constraints)
    yield from (one.definition for one in table.indexes)
    for column in table.columns:
        yield from _texts_of(column)


def _texts_of(column: Column) -> Iterable[str]:
    return (column.default or "", column.computed.expression if column.computed else "")


def _is_in(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
