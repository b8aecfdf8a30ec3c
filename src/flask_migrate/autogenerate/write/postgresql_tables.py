"""What changes in one table of PostgreSQL."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask_migrate.autogenerate.differences import Difference
from flask_migrate.autogenerate.operations import CreateCheck
from flask_migrate.autogenerate.write.involved import is_made_anew
from flask_migrate.autogenerate.write.postgresql import PostgreSQL
from flask_migrate.autogenerate.write.remarks import labels_refuse
from flask_migrate.autogenerate.write.tables import TableWriter
from flask_migrate.values.schema import Column, Kind

_TEXT = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgreSQLTable(TableWriter):
    """Writes what changes in one table of PostgreSQL."""

    def parts(self) -> Iterator[Any]:
        """Yield the operations; what stays and only is said otherwise comes last."""
        kept = dict(self._kept())
        others = replace(
            self.difference,
            constraints=tuple(one for one in self.difference.constraints if one not in kept),
            indexes=tuple(one for one in self.difference.indexes if one not in kept),
        )
        yield from TableWriter.parts(replace(self, difference=others))
        for operations in kept.values():
            yield from operations

    def _kept(self) -> Iterator[tuple[Difference[Any], list[Any]]]:
        """Yield the constraints and indexes that stay, with what changes in them."""
        server, name = self.server, self.difference.name
        assert isinstance(server, PostgreSQL)  # noqa: S101  (no other has such tables)
        for one in self.difference.constraints:
            if one.before and one.after and one.before != one.after:
                operations = server.alter_constraint(name, one.before, one.after)
                if operations is not None:
                    yield one, operations
        for index in self.difference.indexes:
            if index.before and index.after and index.before != index.after:
                operations = server.alter_index(name, index.before, index.after)
                if operations is not None:
                    yield index, operations

    def add_constraints(self) -> Iterator[Any]:
        """Yield what gives the table constraints; a CHECK says which texts it takes no more."""
        refused = dict(self._refused())
        for operation in super(PostgreSQLTable, self).add_constraints():
            if isinstance(operation, CreateCheck) and str(operation.constraint_name) in refused:
                gone = refused[str(operation.constraint_name)]
                operation.remark = labels_refuse(self.difference.name, gone)
            yield operation

    def _refused(self) -> Iterator[tuple[str, list[str]]]:
        for one in self.difference.constraints:
            if one.before and one.after and one.after.kind is Kind.CHECK:
                taken = _TEXT.findall(one.after.definition)
                gone = [text for text in _TEXT.findall(one.before.definition) if text not in taken]
                if gone:
                    yield one.after.name or "", gone

    def change_columns(self) -> Iterator[Any]:
        """Yield what happens to the columns.

        What is computed from other columns goes before they change, and comes after.
        """
        for one in sorted(self._steps(), key=_turn):
            yield from self.columns.write(one)

    def _steps(self) -> Iterator[Difference[Column]]:
        for one in self.difference.columns:
            if one.before and one.after and is_made_anew(one.before, one.after):
                yield Difference(before=one.before, after=None)
                yield Difference(before=None, after=one.after)
            else:
                yield one


def _turn(difference: Difference[Column]) -> int:
    before, after = difference.before, difference.after
    if before and before.computed and not (after and after.computed):
        return 0
    if after is None:
        return 1
    return 2 if before is None and after.computed else 1
