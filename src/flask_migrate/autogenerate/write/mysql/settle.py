"""Differences that are none, since the servers name and make things by themselves. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import sqlalchemy as sa

from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.autogenerate.sides import Side, is_named
from flask_migrate.database.snapshots.mysql import made_by_foreign_keys, named_by_server
from flask_migrate.values.schema import Constraint, Index, Kind, Table

Part = TypeVar("Part", Constraint, Index)


def settle(differences: Differences, models: Side) -> Differences:
    """Return the differences without those that are only the server's doing.

    What comes with a name that is taken already gets one that is free, of the same kind.

    Args:
        differences: From the database to the models.
        models: What is to be there.
    """
    tables = (_Settled(one, models).write() for one in differences.tables)
    return replace(differences, tables=tuple(one for one in tables if _is_left(one)))


def _is_left(one: TableDifference) -> bool:
    before, after = one.before, one.after
    if before is None or after is None:
        return True
    is_same = (before.comment, before.options) == (after.comment, after.options)
    return bool(one.columns or one.constraints or one.indexes) or not is_same


@dataclass(frozen=True, slots=True)
class _Settled:
    difference: TableDifference
    models: Side

    def write(self) -> TableDifference:
        before, after = self.difference.before, self.difference.after
        if before is None or after is None:
            return self.difference
        constraints = tuple(
            _with_free_names(
                (one for one in self.difference.constraints if not self._is_counted(one)),
                before=before,
                after=after,
            )
        )
        indexes = tuple(
            _with_free_names(
                (one for one in self.difference.indexes if not self._is_unasked(one)),
                before=before,
                after=after,
            )
        )
        renamed = {
            one.after.columns: one.after.name
            for one in constraints
            if one.after is not None and one.after.kind is Kind.FOREIGN_KEY and one.before is None
        }
        return replace(
            self.difference,
            constraints=constraints,
            indexes=tuple(self._as_made(one, after, renamed) for one in indexes),
        )

    def _is_counted(self, one: Difference[Constraint]) -> bool:
        before, after = self.difference.before, self.difference.after
        if before is None or after is None or one.before is None or one.after is None:
            return False
        is_same = replace(one.before, name=one.after.name) == one.after
        return is_same and named_by_server(one.before, before) and named_by_server(one.after, after)

    def _is_unasked(self, one: Difference[Index]) -> bool:
        before, after = self.difference.before, self.difference.after
        if before is None or after is None or one.before is None or one.after is None:
            return False
        if replace(one.before, name=one.after.name) != one.after:
            return False
        model = self.models.index(after.name, one.after)
        if isinstance(model, sa.UniqueConstraint):
            return not is_named(model)
        kept = replace(after, indexes=(one.before,))
        is_made = one.before.name in made_by_foreign_keys(before)
        return model is None and is_made and one.before.name in made_by_foreign_keys(kept)

    def _as_made(
        self, one: Difference[Index], after: Table, keys: Mapping[tuple[str, ...], str | None]
    ) -> Difference[Index]:
        """Return the index of a new foreign key with the name that the server will give it."""
        new = one.after
        if one.before is not None or new is None or new.name not in made_by_foreign_keys(after):
            return one
        name = keys.get(tuple(map(str, new.columns)))
        if name is None or self.models.index(after.name, new) is not None:
            return one
        return Difference(before=None, after=replace(new, name=name))


def _with_free_names(
    differences: Iterator[Difference[Part]], *, before: Table, after: Table
) -> Iterator[Difference[Part]]:
    taken: set[Any] = {one.name for one in before.constraints}
    taken |= {one.name for one in before.indexes}
    for one in differences:
        new = one.after
        if one.before is not None or new is None or not named_by_server(new, after):
            yield one
            continue
        name = _free(str(new.name), taken)
        taken.add(name)
        yield Difference(before=None, after=replace(new, name=name))


def _free(name: str, taken: set[Any]) -> str:
    """Return a name that is free, with another number.

    >>> _free("CONSTRAINT_1", {"CONSTRAINT_1"}), _free("email", {"email", "email_2"})
    ('CONSTRAINT_2', 'email_3')
    """
    stem, _, number = name.rpartition("_")
    is_counted = bool(stem) and number.isdigit()
    base, count = (stem, int(number)) if is_counted else (name, 1)
    while name in taken:
        count += 1
        name = f"{base}_{count}"
    return name
