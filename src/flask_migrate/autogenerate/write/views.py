"""Views that are in the way of a change: PostgreSQL keeps what they read from changing."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_migrate.autogenerate.differences import Differences
from flask_migrate.autogenerate.operations import RunSQL
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write.involved import is_converted, is_made_anew
from flask_migrate.autogenerate.write.remarks import view_lost
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Code, Name

_VIEWS = ("view", "materialized view")
Read = tuple[Name, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Tells which views go before a change, and which come back after it.

    Attributes:
        differences: What is to be settled.
        before: The code that there is; that of the other side, where this one knows of none.
        after: The code that there is to be.
        server: What is particular to the server.
    """

    differences: Differences
    before: tuple[Code, ...]
    after: tuple[Code, ...]
    server: Server

    def dropped_first(self) -> Iterator[RunSQL]:
        """Yield what drops views, those first that read others."""
        lost = self._reading(self._gone())
        absent = self._reading(self._new())
        for view in reversed(self._ordered(self._reading(self._touched()))):
            if view in absent:
                continue
            dropped = RunSQL(f"DROP {view.kind.upper()} {self.server.quoted(view.name)}")
            if view in lost:
                dropped.remark = view_lost(view.name)
            yield dropped

    def created_last(self) -> Iterator[RunSQL]:
        """Yield what makes views again, as the server had written them."""
        lost = self._reading(self._gone())
        for view in self._ordered(self._reading(self._touched())):
            if view in lost:
                continue
            yield from (RunSQL(escaped(one)) for one in (view.definition, *view.further))
            for one in self._code:
                if one.table == view.name and one.kind in {"index", "trigger"}:
                    yield RunSQL(escaped(one.definition))

    @property
    def _code(self) -> tuple[Code, ...]:
        return self.before or self.after

    def _gone(self) -> set[Read]:
        return {
            (table.name, column.before.name)
            for table in self.differences.tables
            for column in table.columns
            if column.before and column.after is None
        } | {
            (one.name, column.name)
            for one in self.differences.tables
            if one.after is None and one.before
            for column in (*one.before.columns,)
        }

    def _new(self) -> set[Read]:
        backwards = Views(
            differences=self.differences.reversed(),
            before=self.before,
            after=self.after,
            server=self.server,
        )
        return backwards._gone()

    def _touched(self) -> set[Read]:
        changed = {
            (table.name, column.after.name)
            for table in self.differences.tables
            for column in table.columns
            if column.before
            and column.after
            and (is_converted(column) or is_made_anew(column.before, column.after))
        }
        return changed | self._gone() | self._new()

    def _reading(self, read: set[Read]) -> list[Code]:
        """Return the views that read columns, and those that read such views."""
        found: list[Code] = []
        names: set[Name] = set()
        views = [one for one in self._code if one.kind in _VIEWS]
        while more := [
            one
            for one in views
            if one not in found and any(use in read or use[0] in names for use in one.uses)
        ]:
            found += more
            names |= {one.name for one in more}
        return found

    @staticmethod
    def _ordered(views: list[Code]) -> list[Code]:
        """Return views, those that others read first."""
        ordered: list[Code] = []
        waiting = sorted(views, key=lambda one: one.name)
        while waiting:
            names = {one.name for one in waiting}
            ready = [
                one for one in waiting if not any(use[0] in names - {one.name} for use in one.uses)
            ] or waiting[:1]
            ordered += ready
            waiting = [one for one in waiting if one not in ready]
        return ordered
