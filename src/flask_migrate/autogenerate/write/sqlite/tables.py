"""What changes in one table of SQLite."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask_migrate._sqlalchemy import is_of_type
from flask_migrate.autogenerate.differences import Difference
from flask_migrate.autogenerate.operations import (
    AddColumn,
    AlterColumn,
    CreateCheck,
    FillNulls,
    RebuiltTable,
    TableOptions,
)
from flask_migrate.autogenerate.write.remarks import labels_refuse
from flask_migrate.autogenerate.write.sqlite.options import changed_options
from flask_migrate.autogenerate.write.sqlite.sides import SqliteSide
from flask_migrate.autogenerate.write.tables import TableWriter
from flask_migrate.database.sqlite.conflicts import KEY_CONFLICT
from flask_migrate.database.sqlite.default_names import nameless
from flask_migrate.database.sqlite.tokens import significant, unquote
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Column, Constraint, Kind

_CONFLICT = " ON CONFLICT "


class SqliteTable(TableWriter):
    """Writes what changes in one table, as a batch does it."""

    __slots__ = ()

    def write(self) -> Iterator[Any]:
        """Yield the operations; new options of a table are those of its batch."""
        operations = list(super().write())
        options = changed_options(self.difference)
        if not options:
            yield from operations
            return
        name = self.difference.name
        first = [one for one in operations if _comes_before(one)]
        within = [one for one in operations if not _comes_before(one)]
        yield from first
        yield RebuiltTable(
            name.name,
            [TableOptions(name.name, options, schema=name.schema or None), *within],
            schema=name.schema or None,
        )

    def parts(self) -> Iterator[Any]:
        """Yield the operations: what goes and comes with a column has none of its own."""
        difference = self.difference
        settled = replace(
            difference,
            columns=tuple(sorted(difference.columns, key=_turn)),
            constraints=tuple(one for one in map(self._left, difference.constraints) if one),
        )
        refused = dict(self._refused())
        for operation in TableWriter.parts(replace(self, difference=settled)):
            if isinstance(operation, CreateCheck):
                operation.remark = refused.get(str(operation.constraint_name))
            elif isinstance(operation, AlterColumn) and operation.modify_type is not None:
                operation.remark = operation.remark or refused.get(operation.column_name)
            yield operation
        yield from self._change_key_conflict()

    def _change_key_conflict(self) -> Iterator[AlterColumn]:
        """Yield what the call of Alembic for a primary key cannot say: its ON CONFLICT."""
        name = self.difference.name
        for key in self.difference.constraints:
            if key.after and key.after.kind is Kind.PRIMARY_KEY and _changes_conflict(key):
                model = self.after.column(name, key.after.columns[0])
                change = AlterColumn(
                    name.name,
                    model.name,
                    schema=name.schema or None,
                    existing_type=model.type,
                    existing_nullable=model.nullable,
                )
                change.also = {KEY_CONFLICT: _conflict(key.after) or None}
                yield change

    def _refused(self) -> Iterator[tuple[str, Problem]]:
        """Yield what a changed CHECK refuses that it took before, by its name and its columns."""
        table = self.difference.after
        for one in self.difference.constraints:
            if table is None or one.before is None or one.after is None:
                continue
            taken = _texts(one.after)
            gone = [text for text in _texts(one.before) if text not in taken]
            if one.after.kind is Kind.CHECK and gone and taken:
                problem = labels_refuse(table.name, gone)
                yield one.after.name or "", problem
                yield from ((name, problem) for name in nameless(one.after, table).columns)

    def _left(self, one: Difference[Constraint]) -> Difference[Constraint] | None:
        if _is_key_that_stays(one):
            return None
        before = None if one.before and self._goes_along(one.before) else one.before
        after = None if one.after and self._comes_along(one.after) else one.after
        return Difference(before=before, after=after) if before or after else None

    def _goes_along(self, constraint: Constraint) -> bool:
        """Return whether a constraint goes with its columns: nothing can name it.

        A foreign key has a call of its own, for the servers that ask for it.
        """
        if constraint.kind is Kind.FOREIGN_KEY:
            return False
        table, side = self.difference.before, self.before
        assert table is not None  # noqa: S101  (it is on both sides)
        assert isinstance(side, SqliteSide)  # noqa: S101  (the server makes them)
        about = set(nameless(constraint, table).columns)
        columns = self.difference.columns
        gone = {one.before.name for one in columns if one.before and one.after is None}
        return about <= gone and bool(about) and side.is_nameless(table.name, constraint)

    def _comes_along(self, constraint: Constraint) -> bool:
        """Return whether the type of a new or changed column brings a CHECK."""
        table = self.difference.after
        assert table is not None  # noqa: S101  (it is on both sides)
        found = self.after.constraint(table.name, constraint)
        if constraint.kind is not Kind.CHECK or found is None or not is_of_type(found):
            return False
        about = set(nameless(constraint, table).columns)
        typed = {
            one.after.name
            for one in self.difference.columns
            if one.after and _is_typed(one) and not self._is_added_alone(one)
        }
        return bool(about & typed)

    def _is_added_alone(self, one: Difference[Column]) -> bool:
        """Return whether a column is no part of a batch, which alone makes a CHECK of its type."""
        return one.before is None and one.after is not None and self.columns.is_filled(one.after)


def _comes_before(operation: Any) -> bool:
    """Return whether an operation cannot wait for the end of a batch."""
    stands_alone = isinstance(operation, AddColumn) and operation.stands_alone
    return stands_alone or isinstance(operation, FillNulls)


def _turn(one: Difference[Column]) -> int:
    """Return when a column has its turn: what it is computed from must be there."""
    was_computed = one.before is not None and one.before.computed is not None
    if one.after is None:
        return 0 if was_computed else 1
    if one.after.computed is None:
        return 0 if was_computed else 2
    return 2 if was_computed else 3


def _is_typed(one: Difference[Column]) -> bool:
    """Return whether an operation says the type that a column gets."""
    if one.before is None or one.after is None:
        return one.after is not None
    return (one.before.type, one.before.collation) != (one.after.type, one.after.collation)


def _changes_conflict(key: Difference[Constraint]) -> bool:
    """Return whether a primary key gets an ON CONFLICT, or only loses one and stays."""
    return _is_key_that_stays(key) or bool(key.after and _conflict(key.after))


def _is_key_that_stays(one: Difference[Constraint]) -> bool:
    """Return whether nothing changes of a primary key but its ON CONFLICT."""
    keys = [key for key in (one.before, one.after) if key and key.kind is Kind.PRIMARY_KEY]
    rest = {replace(key, definition=key.definition.partition(_CONFLICT)[0]) for key in keys}
    return len(keys) == 2 and len(rest) == 1  # noqa: PLR2004  (before and after)


def _conflict(key: Constraint) -> str:
    return key.definition.partition(_CONFLICT)[2]


def _texts(check: Constraint) -> list[str]:
    tokens = significant(check.definition)
    return [unquote(token.text) for token in tokens if token.kind == "string"]
