"""The words of an SQL statement, as SQLite tells them apart.

Every character of the statement belongs to one token, so that the texts of the tokens, one
after the other, are the statement again. https://www.sqlite.org/lang_keywords.html
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<space>  [ \t\n\f\r\ufeff]+ | --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<quoted> "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] )
    | (?P<string> '(?:[^']|'')*' )
    | (?P<blob>   [xX]'[0-9a-fA-F]*' )
    | (?P<number> 0[xX][0-9a-fA-F]+ | (?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)? )
    | (?P<word>   [A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_$\u0080-\U0010ffff]* )
    | (?P<symbol> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_QUOTES = {'"': '"', "`": "`", "'": "'", "[": "]"}


class Token(NamedTuple):
    """A word, a quoted name, a literal, a symbol, or the space between them.

    Attributes:
        kind: "space" (comments too), "quoted", "string", "blob", "number", "word", "symbol".
        text: As it is written.
        start: Where it begins in the statement, in characters.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the statement, in characters."""
        return self.start + len(self.text)

    @property
    def keyword(self) -> str:
        """The word or symbol in upper case; empty for anything quoted, which is no keyword."""
        return self.text.upper() if self.kind in {"word", "symbol"} else ""

    @property
    def is_name(self) -> bool:
        """Whether it can name a table or a column. SQLite takes 'strings' for names, too."""
        return self.kind in {"word", "quoted", "string"}


def tokenize(sql: str) -> tuple[Token, ...]:
    """Return the tokens of a statement.

    >>> [token.text for token in tokenize('a "b c" /* d */ >1')]
    ['a', ' ', '"b c"', ' ', '/* d */', ' ', '>', '1']
    """
    found = _TOKEN.finditer(sql)
    return tuple([Token(one.lastgroup or "", one.group(), one.start()) for one in found])


def significant(sql: str) -> tuple[Token, ...]:
    """Return the tokens of a statement without space and comments."""
    return tuple(token for token in tokenize(sql) if token.kind != "space")


def unquote(text: str) -> str:
    """Return the name that is meant by a word or a quoted name.

    >>> unquote("`a``b`"), unquote("[a b]"), unquote("plain")
    ('a`b', 'a b', 'plain')
    """
    closing = _QUOTES.get(text[:1])
    if closing is None:
        return text
    inner = text[1:-1]
    return inner if closing == "]" else inner.replace(closing * 2, closing)


def quote(name: str) -> str:
    """Return a name so that it means itself, whatever it is.

    >>> quote('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return text as an SQL string.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def fold(name: str) -> str:
    """Return a name in the form that is equal for equal names: SQLite folds ASCII only.

    >>> fold("Straße") == fold("STRAßE"), fold("É") == fold("é")
    (True, False)
    """
    return name.translate(_LOWER)


def same(one: str, other: str) -> bool:
    """Return whether two names mean the same thing to SQLite."""
    return fold(one) == fold(other)


def mentions(sql: str, name: str) -> bool:
    """Return whether an expression or a statement may speak of a column or a table.

    >>> mentions("lower(email) > 1", "EMAIL"), mentions("lower(email) = 'lower'", "lower")
    (True, False)
    """
    return any(same(unquote(token.text), name) for token in _names(sql))


def _names(sql: str) -> Iterator[Token]:
    """Yield what may name a column: neither a string, nor a function, nor a collation."""
    tokens = significant(sql)
    padded = [Token("symbol", "", 0), *tokens, Token("symbol", "", len(sql))]
    triples = zip(padded, tokens, padded[2:], strict=False)
    for before, token, after in triples:
        called = token.kind == "word" and after.text == "("
        if token.kind in {"word", "quoted"} and not called and before.keyword != "COLLATE":
            yield token


def names_in(sql: str) -> frozenset[str]:
    """Return everything in a statement that may be a name, folded.

    >>> sorted(names_in("SELECT a FROM [T]"))
    ['a', 'from', 'select', 't']
    """
    return frozenset(fold(unquote(token.text)) for token in significant(sql) if token.is_name)


def comparable(sql: str) -> tuple[str, ...]:
    """Return what is equal for texts that differ in space, case and quotes only.

    >>> comparable("A in (0,1)") == comparable('"a" IN ( 0, 1 )')
    True
    """
    return tuple(
        fold(unquote(token.text)) if token.kind in {"word", "quoted"} else token.text
        for token in significant(sql)
    )


def rename_in(sql: str, names: Sequence[tuple[str, str]]) -> str:
    """Return an expression with other names for some of its columns.

    >>> rename_in("max(a, c) > 1", [("a", "b")])
    'max("b", c) > 1'
    """
    wanted = {fold(old): new for old, new in names}
    pieces, at = [], 0
    for token in _names(sql):
        new = wanted.get(fold(unquote(token.text)))
        if new is not None:
            pieces += [sql[at : token.start], quote(new)]
            at = token.end
    return "".join([*pieces, sql[at:]])


def qualify(sql: str, schema: str) -> str:
    """Return a CREATE statement, as SQLite stores it, for a certain schema.

    >>> qualify('CREATE UNIQUE INDEX i ON t (a)', "aux")
    'CREATE UNIQUE INDEX "aux".i ON t (a)'
    """
    for before, token in pairwise(significant(sql)):
        if before.keyword in {"TABLE", "INDEX", "TRIGGER", "VIEW"}:
            return f"{sql[: token.start]}{quote(schema)}.{sql[token.start :]}"
    return sql
