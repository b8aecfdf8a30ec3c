"""Which tables and columns a query reads, as far as its words tell. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from flask_migrate.database.sqlite.tokens import Token, fold, significant, unquote

_BEFORE_TABLE = frozenset({"FROM", "JOIN", ",", "("})
_BEFORE_STAR = frozenset({"SELECT", "DISTINCT", "ALL", ",", "."})
_AFTER_FROM = frozenset(
    {"SELECT", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT"}
    | {"WINDOW", "VALUES"}
)
_NO_ALIAS = _AFTER_FROM | {
    *("ON", "USING", "JOIN", "LEFT", "RIGHT", "FULL", "INNER", "OUTER", "CROSS", "NATURAL"),
    *("INDEXED", "NOT", ",", ")", "(", ".", ""),
}
_END = Token("symbol", "", 0)

Tables = Mapping[str, Collection[str]]
"""The columns of each table; all names folded."""


def reads_of(sql: str, tables: Tables) -> frozenset[tuple[str, str]]:
    """Return the tables and columns that a query reads; "" where it asks for all columns, or none.

    A column without a table before it may be one of any table that is read.

    Args:
        sql: The query, or the statement that makes a view.
        tables: The tables that there are.

    >>> sorted(reads_of("SELECT u.id AS name FROM t u, x", {"t": ["id", "name"], "x": ["id"]}))
    [('t', 'id'), ('x', '')]
    """
    tokens = [_END, _END, *significant(sql), _END, _END]
    places = {at: _alias(tokens, at) for at in _places(tokens)}
    sources = _sources(tokens, places, tables)
    spoken = {*places, *filter(None, places.values())}
    read = set(_columns(tokens, spoken, sources, tables))
    every = {table for names in sources.values() for table in names}
    known = {table for table, _ in read}
    reads_all = _has_star(tokens) or any(one.keyword == "NATURAL" for one in tokens)
    return frozenset(read | {(table, "") for table in every if reads_all or table not in known})


def _sources(
    tokens: Sequence[Token], places: Mapping[int, int | None], tables: Tables
) -> dict[str, set[str]]:
    """Return the tables that are read, by what the query calls them."""
    found: dict[str, set[str]] = {}
    for at, alias in places.items():
        table = _name(tokens[at])
        if table in tables:
            found.setdefault(_name(tokens[alias or at]), set()).add(table)
    return found


def _places(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield where a table may be named: after FROM or JOIN, a comma there, or IN."""
    within = [False]
    for at in range(2, len(tokens) - 2):
        token, before = tokens[at], tokens[at - 1].keyword
        if token.keyword == "(":
            within.append(within[-1] and before in _BEFORE_TABLE)
        elif token.keyword == ")":
            within = within[:-1] or [False]
        elif token.keyword in {"FROM", "JOIN"}:
            within[-1] = True
        elif token.keyword in _AFTER_FROM:
            within[-1] = False
        elif token.is_name and tokens[at + 1].text != ".":
            first = tokens[at - 3].keyword if before == "." else before
            if (within[-1] and first in _BEFORE_TABLE) or first == "IN":
                yield at


def _alias(tokens: Sequence[Token], at: int) -> int | None:
    """Return where the other name of a table is, if it has one."""
    if tokens[at + 1].keyword == "AS":
        return at + 2
    after = tokens[at + 1]
    return at + 1 if after.is_name and after.keyword not in _NO_ALIAS else None


def _columns(
    tokens: Sequence[Token],
    spoken: Collection[int],
    sources: Mapping[str, set[str]],
    tables: Tables,
) -> Iterator[tuple[str, str]]:
    every = {table for names in sources.values() for table in names}
    for at in range(2, len(tokens) - 2):
        token, before = tokens[at], tokens[at - 1]
        is_name = token.kind in {"word", "quoted"} and tokens[at + 1].text != "."
        if not is_name or at in spoken or before.keyword == "AS":
            continue
        is_of_one = before.text == "."
        for table in sources.get(_name(tokens[at - 2]), set()) if is_of_one else every:
            if _name(token) in tables[table]:
                yield table, _name(token)


def _has_star(tokens: Sequence[Token]) -> bool:
    return any(
        star.text == "*" and before.keyword in _BEFORE_STAR for before, star in pairwise(tokens)
    )


def _name(token: Token) -> str:
    return fold(unquote(token.text))
