"""What constraints are called that have no name: what PostgreSQL would call them.

A script has to name what it drops, and is to run on other servers too.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from flask_migrate.database.sqlite import ddl
from flask_migrate.database.sqlite.canonical import canonical_expression
from flask_migrate.database.sqlite.ddl import CONSTRAINTS, Found
from flask_migrate.database.sqlite.tokens import fold, mentions
from flask_migrate.values.schema import Constraint, Kind, Table

_SUFFIXES = {
    Kind.PRIMARY_KEY: "pkey",
    Kind.UNIQUE: "key",
    Kind.FOREIGN_KEY: "fkey",
    Kind.CHECK: "check",
}
_KINDS = {
    ddl.Kind.PRIMARY_KEY: Kind.PRIMARY_KEY,
    ddl.Kind.UNIQUE: Kind.UNIQUE,
    ddl.Kind.FOREIGN_KEY: Kind.FOREIGN_KEY,
    ddl.Kind.CHECK: Kind.CHECK,
}


@dataclass(frozen=True, slots=True, order=True)
class Nameless:
    """A constraint without a name.

    Attributes:
        kind: What it demands.
        columns: The columns that it is about, those in a CHECK too.
        text: What tells it from others like it.
    """

    kind: Kind
    columns: tuple[str, ...]
    text: str


def nameless(constraint: Constraint, table: Table) -> Nameless:
    """Return a constraint of a snapshot as one without a name.

    Args:
        constraint: The constraint.
        table: The table that has it.
    """
    if constraint.kind is Kind.CHECK:
        names = (one.name for one in table.columns)
        about = tuple(one for one in names if mentions(constraint.definition, one))
        return Nameless(Kind.CHECK, about, condition_of(constraint))
    target = constraint.target.name if constraint.target else ""
    return Nameless(constraint.kind, constraint.columns, fold(target))


def condition_of(check: Constraint) -> str:
    """Return the condition of a CHECK, without what is to happen where it is not kept."""
    first, last = check.definition.index("("), check.definition.rindex(")")
    return check.definition[first + 1 : last]


def nameless_in(found: Found, table: ddl.Table) -> Nameless:
    """Return a constraint of a statement as one without a name.

    Args:
        found: The constraint.
        table: The table whose columns it is about.
    """
    names = {fold(one.name): one.name for one in table.columns}
    if found.clause.kind is ddl.Kind.CHECK:
        about = tuple(one for one in names.values() if mentions(found.clause.expression, one))
        return Nameless(Kind.CHECK, about, canonical_expression(found.clause.expression, names))
    columns = tuple(names.get(fold(one), one) for one in found.columns)
    return Nameless(_KINDS[found.clause.kind], columns, fold(found.clause.refers_to or ""))


def names_in(table: ddl.Table) -> Iterator[tuple[Nameless, str]]:
    """Yield each constraint of a statement that has no name, with the one it would have."""
    found = list(table.found(*CONSTRAINTS))
    taken = [one.clause.name for one in found if one.clause.name]
    without = [nameless_in(one, table) for one in found if not one.clause.name]
    yield from default_names(table.name, without, taken=taken).items()


def default_names(
    table: str, constraints: Iterable[Nameless], *, taken: Collection[str]
) -> dict[Nameless, str]:
    """Return the name of each constraint.

    Args:
        table: The name of the table.
        constraints: Those without a name.
        taken: The names that others have.

    >>> one = Nameless(Kind.CHECK, ("a", "b"), "a > b")
    >>> other = Nameless(Kind.CHECK, ("a", "b"), "a != b")
    >>> list(default_names("things", [one, other], taken=[]).values())
    ['things_check', 'things_check1']
    """
    used = set(map(fold, taken))
    names: dict[Nameless, str] = {}
    for one in sorted(set(constraints)):
        names[one] = next(name for name in _names(table, one) if fold(name) not in used)
        used.add(fold(names[one]))
    return names


def _names(table: str, one: Nameless) -> Iterator[str]:
    base = "_".join([table, *_told(one), _SUFFIXES[one.kind]])
    yield base
    yield from (f"{base}{number}" for number in count(1))


def _told(one: Nameless) -> tuple[str, ...]:
    """Return the columns in the name: a CHECK has them there if it is about one."""
    if one.kind is Kind.PRIMARY_KEY or (one.kind is Kind.CHECK and len(one.columns) != 1):
        return ()
    return one.columns
