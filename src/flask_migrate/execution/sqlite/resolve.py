"""Find out which column each change of a batch means, when columns change their names.

Alembic knows a column by the name that it had before the batch, to the end of the batch.
People also write the new name. Both work here, and so does swapping two names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_migrate.database.sqlite.ddl import Constraint, Table
from flask_migrate.database.sqlite.edit import PartMissing, find_column, rename_columns
from flask_migrate.database.sqlite.tokens import fold, quote, rename_in
from flask_migrate.execution.sqlite.changes import (
    AddColumn,
    AddConstraint,
    Change,
    ChangeColumn,
    CreateIndex,
    DropColumn,
    DropConstraint,
    RenameColumn,
)

Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The changes of a batch, with columns called by the name they have meanwhile.

    Attributes:
        first: What SQLite is to rename before everything else: old and new names.
        last: What it is to rename in the end, because the name was taken.
        changes: The other changes.
        originals: What a column was called before, by the name it has meanwhile, folded.
    """

    first: Names
    last: Names
    changes: tuple[Change, ...]
    originals: dict[str, str]

    def original(self, name: str) -> str:
        """Return what a column was called before the batch."""
        return self.originals.get(fold(name), name)


def resolve(table: Table, changes: Sequence[Change]) -> Resolved:
    """Find out which column each change means.

    Raises:
        PartMissing: There is no such column.
    """
    renames = _final_names(table, changes)
    first, last = _order(table, renames)
    meanwhile = {fold(old): new for old, new in first}
    names = _Names(table, meanwhile)
    return Resolved(
        first=first,
        last=last,
        changes=tuple(one for change in changes if (one := names.apply(change)) is not None),
        originals={fold(new): old for old, new in first},
    )


def _final_names(table: Table, changes: Sequence[Change]) -> dict[str, str]:
    """Return the last new name of each column of the table that gets one."""
    names = _Names(table, {})
    final: dict[str, str] = {}
    for change in changes:
        names.apply(change)
        if isinstance(change, RenameColumn):
            column = find_column(table, names.last)
            if column is not None and column.name != change.new_name:
                final[column.name] = change.new_name
            elif column is not None:
                final.pop(column.name, None)
    return final


def _order(table: Table, renames: dict[str, str]) -> tuple[Names, Names]:
    """Return what to rename first, and what last, so that no name is there twice."""
    taken = {fold(column.name) for column in table.columns}
    first, last = list[tuple[str, str]](), list[tuple[str, str]]()
    for number, (old, new) in enumerate(renames.items(), 1):
        taken.discard(fold(old))
        name = new
        if fold(new) in taken:
            name = f"_godwit_{number}"
            last.append((name, new))
        taken.add(fold(name))
        first.append((old, name))
    return tuple(first), tuple(last)


class _Names:
    """What the columns are called, change by change."""

    def __init__(self, table: Table, meanwhile: dict[str, str]) -> None:
        self._now = {
            fold(column.name): meanwhile.get(fold(column.name), column.name)
            for column in table.columns
        }
        self._added = set[str]()
        self.last = ""

    def apply(self, change: Change) -> Change | None:
        """Return a change with the names of the moment; a rename needs nothing more."""
        match change:
            case RenameColumn():
                return self._rename(change)
            case AddColumn():
                return self._add(change)
            case DropColumn() | ChangeColumn():
                return self._meant(change)
            case AddConstraint(constraint=constraint):
                names = self._changed() if change.is_of_type else self._gone()
                change = replace(change, constraint=rename_columns(constraint, names))
            case DropConstraint(of_type=Constraint() as check):
                change = replace(change, of_type=rename_columns(check, self._changed()))
            case CreateIndex():
                change = replace(change, sql=self._in_index(change.sql))
            case _:
                pass  # it is not about columns
        return change

    def _rename(self, change: RenameColumn) -> RenameColumn | None:
        self.last = self._find(change.name)
        self._now.setdefault(fold(change.new_name), self.last)
        if fold(self.last) not in self._added:
            return None
        return RenameColumn(name=self.last, new_name=change.new_name)

    def _add(self, change: AddColumn) -> AddColumn:
        before = self._find(change.before) if change.before else None
        after = self._find(change.after) if change.after else None
        name = change.column.name
        if not (change.unless_exists and fold(name) in self._now):
            self._now[fold(name)] = name
            self._added.add(fold(name))
        return replace(change, before=before, after=after)

    def _meant(self, change: DropColumn | ChangeColumn) -> Change:
        if isinstance(change, DropColumn):
            if change.if_exists and fold(change.name) not in self._now:
                return change
            meant = self._find(change.name)
            self._now = {key: name for key, name in self._now.items() if name != meant}
            return replace(change, name=meant)
        return replace(
            change,
            name=self._find(change.name),
            before=self._find(change.before) if change.before else None,
            after=self._find(change.after) if change.after else None,
        )

    def _find(self, name: str) -> str:
        if fold(name) not in self._now:
            raise PartMissing(f"No such column: {name!r}")
        return self._now[fold(name)]

    def _changed(self) -> Names:
        return tuple((key, name) for key, name in self._now.items() if key != fold(name))

    def _gone(self) -> Names:
        """Return the old names that no column has now: what a person writes may mean either."""
        now = {fold(name) for name in self._now.values()}
        return tuple((key, name) for key, name in self._changed() if key not in now)

    def _in_index(self, sql: str) -> str:
        first = sql.find("(")
        return sql[:first] + rename_in(sql[first:], self._gone())


def rename_statements(table: str, schema: str, names: Names) -> tuple[str, ...]:
    """Return the statements that rename columns."""
    address = f"{quote(schema)}.{quote(table)}"
    return tuple(
        f"ALTER TABLE {address} RENAME COLUMN {quote(old)} TO {quote(new)}" for old, new in names
    )
