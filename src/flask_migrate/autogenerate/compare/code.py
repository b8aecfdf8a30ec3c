"""Compare views, functions and triggers, and tell which of them are there to stay. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_migrate.autogenerate.differences import Difference, TableDifference
from flask_migrate.declarations.events import Declared
from flask_migrate.declarations.statement import VIEWS
from flask_migrate.values.schema import Code, Name, Table

Key = tuple[str, Name, Name | None, str | None]
Read = tuple[Name, str]
_RANKS = ("function", "procedure", *VIEWS, "index", "trigger")
_FOLLOWS = "FOR EACH ROW FOLLOWS `{}` "
"""How MariaDB and MySQL say after which other trigger one runs."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What goes from the tables.

    Attributes:
        tables: Those that go.
        columns: The columns that go, those of such tables too.
    """

    tables: frozenset[Name]
    columns: frozenset[Read]

    def is_read_by(self, view: Code) -> bool:
        """Return whether a view reads what goes; one that asks for all columns does not mind."""
        return any(use in self.columns or use[0] in self.tables for use in view.uses)


def gone_from(differences: Iterable[TableDifference]) -> Gone:
    """Return what goes."""
    every = [one for one in differences if one.before is not None]
    tables = {one.name: one.before for one in every if one.after is None}
    return Gone(
        tables=frozenset(tables),
        columns=frozenset(
            (one.name, column.before.name)
            for one in every
            for column in one.columns
            if column.before is not None and column.after is None
        )
        | frozenset(_columns(tables)),
    )


def _columns(tables: Mapping[Name, Table | None]) -> Iterator[Read]:
    for name, table in tables.items():
        yield from ((name, column.name) for column in (table.columns if table else ()))


def key_of(code: Code) -> Key:
    """Return what tells code from any other: in a database there is one of it."""
    return code.kind, code.name, code.table, code.signature


def with_sources(code: Iterable[Code], declared: Iterable[Declared]) -> tuple[Code, ...]:
    """Return code of the models in the order of its making, with the statements of the models.

    Args:
        code: What the server has made of the models.
        declared: The statements, in the order in which they were run.
    """
    places = {one.key: place for place, one in enumerate(declared)}
    texts = {one.key: one.text for one in declared}
    made = sorted(code, key=lambda one: places.get(_declared_key(one), len(places)))
    several = [_declared_key(one) for one in made]
    return tuple(
        one if several.count(key) > 1 else replace(one, source=texts.get(key))
        for one, key in zip(made, several, strict=True)
    )


def _declared_key(one: Code) -> tuple[str, Name, Name | None]:
    empty = Declared(kind=one.kind, name=one.name, table=one.table, text="")
    return empty.key


def is_declared(code: Code, declared: Iterable[Declared]) -> bool:
    """Return whether models declare code, whatever the server has made of that."""
    return _declared_key(code) in {one.key for one in declared}


def lost_with(
    others: Collection[Code], going: Collection[Code], *, gone: Gone, views: Collection[Name]
) -> list[Code]:
    """Return the code that cannot stay, since what it reads or belongs to goes.

    Args:
        others: What could stay.
        going: What is dropped anyway.
        gone: What goes from the tables.
        views: The views that there are to be, whatever goes.
    """
    lost: list[Code] = []
    while more := [
        one
        for one in others
        if one not in lost and _is_lost(one, [*going, *lost], gone=gone, views=views)
    ]:
        lost += more
    return lost


def _is_lost(one: Code, going: Collection[Code], *, gone: Gone, views: Collection[Name]) -> bool:
    names = {each.name for each in going if each.kind in VIEWS}.difference(views)
    if one.table is not None:
        return one.table in gone.tables or one.table in names
    return one.kind in VIEWS and (gone.is_read_by(one) or any(use[0] in names for use in one.uses))


def compare_code(
    before: Sequence[Code], after: Sequence[Code], *, is_same: Callable[[Code, Code], bool]
) -> Iterator[Difference[Code]]:
    """Yield what two schemas do not have in common. Comments and rights are no part of it."""
    old, new = ({key_of(one): one for one in side} for side in (before, after))
    for key in [*new, *(key for key in old if key not in new)]:
        one, other = old.get(key), new.get(key)
        if one is None or other is None or not is_same(one, other):
            yield Difference(before=one, after=other)


def in_order(code: Iterable[Code]) -> tuple[Code, ...]:
    """Return code in an order in which it can be made, otherwise in the one that is given."""
    waiting = list(code)
    words = {key_of(one): set(_WORD.findall(one.definition)) for one in waiting}
    ordered: list[Code] = []
    while waiting:
        ready = [one for one in waiting if not _needs(one, waiting, words)]
        if not ready:
            ready = [min(waiting, key=lambda one: _RANKS.index(one.kind))]
        ordered += ready
        waiting = [one for one in waiting if one not in ready]
    return tuple(ordered)


def _needs(one: Code, others: Iterable[Code], words: Mapping[Key, set[str]]) -> bool:
    return any(
        uses(one, other, words[key_of(one)]) for other in others if key_of(other) != key_of(one)
    )


def uses(one: Code, other: Code, words: Collection[str] | None = None) -> bool:
    """Return whether some code needs other code to be there.

    Args:
        one: The code.
        other: What it may need.
        words: The words of its definition, if they are known.
    """
    if other.kind in {"index", "trigger"}:
        return one.table == other.table and _FOLLOWS.format(other.name.name) in one.definition
    if other.kind in VIEWS and one.kind in VIEWS:
        return any(use[0] == other.name for use in one.uses)
    if one.table is not None and other.kind in VIEWS:
        return one.table == other.name
    found = set(_WORD.findall(one.definition)) if words is None else words
    return set(_WORD.findall(other.name.name)) <= set(found)
