"""One way to write what SQLite keeps as it was written: equal texts for what means the same.

What comes out is SQL again. Two expressions that only a person sees to be the same, like
`a > 1` and `1 < a`, stay different.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from flask_migrate.database.sqlite.keywords import KEYWORDS, OF_EXPRESSIONS, OF_VALUES
from flask_migrate.database.sqlite.tokens import (
    Token,
    fold,
    literal,
    quote,
    significant,
    unquote,
)

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS = ("->>", "->", "||", "<>", "!=", "==", "<=", ">=", "<<", ">>")
_SAME = {"<>": "!=", "==": "="}
_SIGNS = frozenset("+-~")
_SIGN_AND_VALUE = 2
_BUILT_IN = {"binary": "BINARY", "nocase": "NOCASE", "rtrim": "RTRIM"}


@lru_cache(maxsize=4096)
def canonical_name(name: str) -> str:
    """Return a name as it stands in canonical SQL.

    >>> canonical_name("amount"), canonical_name("order"), canonical_name('a"b')
    ('amount', '"order"', '"a""b"')
    """
    is_plain = _PLAIN.fullmatch(name) and name.upper() not in KEYWORDS
    return name if is_plain else quote(name)


@lru_cache(maxsize=1024)
def canonical_type(declared: str) -> str:
    """Return the type of a column.

    >>> canonical_type("varchar (20)"), canonical_type("Decimal(10,-2)"), canonical_type("")
    ('VARCHAR(20)', 'DECIMAL(10, -2)', '')
    """
    if declared.isalpha():
        return declared.upper()
    return _joined([_type_piece(token) for token in significant(declared)])


def canonical_collation(name: str) -> str | None:
    """Return the name of a collation; None for the one that is there anyway.

    >>> canonical_collation("nocase"), canonical_collation("German"), canonical_collation("binary")
    ('NOCASE', 'german', None)
    """
    written = _collation(name)
    return None if written == "BINARY" else written


@lru_cache(maxsize=1024)
def canonical_default(written: str) -> str | None:
    """Return what stands behind DEFAULT; None for what is no default.

    >>> canonical_default("+1"), canonical_default("( 'x' )"), canonical_default("TRUE")
    ('1', "'x'", '1')
    >>> canonical_default("(lower('X')||1)"), canonical_default("word"), canonical_default("null")
    ("(lower('X') || 1)", "'word'", None)
    """
    tokens = unwrapped(significant(written))
    if len(tokens) == 1:
        return _single_default(tokens[0])
    signed = tokens[0].text + tokens[1].kind if len(tokens) == _SIGN_AND_VALUE else ""
    if signed in {"+number", "+string", "+blob"}:
        return _single_default(tokens[1])
    text = _joined(_pieces(tokens, {}))
    return text if signed == "-number" else f"({text})"


def _single_default(token: Token) -> str | None:
    if token.keyword == "NULL":
        return None
    if token.keyword in {"TRUE", "FALSE"}:
        return "1" if token.keyword == "TRUE" else "0"
    if token.keyword in OF_VALUES or token.kind not in {"word", "quoted"}:
        return _joined(_pieces([token], {}))
    return literal(unquote(token.text))


def canonical_expression(written: str, columns: Mapping[str, str]) -> str:
    """Return an expression of a table.

    Args:
        written: The expression, with or without parentheses around all of it.
        columns: The names of the columns of the table, by their folded names.

    >>> canonical_expression("([A]<>'x' and LENGTH (a) > - 1)", {"a": "a"})
    "a != 'x' AND length(a) > -1"
    >>> print(canonical_expression('"order" in ("x", 1)', {"order": "Order"}))
    "Order" IN ('x', 1)
    """
    return canonical_tokens(significant(written), columns)


def canonical_tokens(tokens: Sequence[Token], columns: Mapping[str, str]) -> str:
    """Return the same of tokens without space and comments."""
    return _joined(_pieces(unwrapped(tokens), columns))


def unwrapped(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return tokens without the parentheses around all of them.

    >>> [token.text for token in unwrapped(significant("((a) + (b))"))]
    ['(', 'a', ')', '+', '(', 'b', ')']
    """
    while tokens and tokens[0].text == "(" and closing(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def closing(tokens: Sequence[Token]) -> int:
    """Return where the parenthesis is closed that the first token opens.

    >>> closing(significant("(a, (b)) c"))
    6
    """
    depths = accumulate({"(": 1, ")": -1}.get(token.text, 0) for token in tokens)
    return next((at for at, depth in enumerate(depths) if not depth), len(tokens))


class _Piece(NamedTuple):
    """A word of canonical SQL.

    `role` is "call" for what parentheses stick to, "sign" for what sticks to what follows,
    "keyword" for what asks for another operand, "value" for what is one, and "symbol".
    """

    text: str
    role: str


def _pieces(tokens: Sequence[Token], columns: Mapping[str, str]) -> list[_Piece]:
    merged = list(_with_operators(tokens))
    ends = Token("symbol", "", 0)
    padded = [ends, *merged, ends]
    pieces: list[_Piece] = []
    for before, token, after in zip(padded, merged, padded[2:], strict=False):
        if token.text in _SIGNS and token.kind == "symbol":
            pieces.append(_Piece(token.text, "sign" if _wants_operand(pieces) else "symbol"))
        else:
            pieces.append(_piece(before, token, after, columns))
    return pieces


def _with_operators(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens, with symbols that are one operator put together."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        written = token.text
        for other, following in pairwise(tokens[at : at + 3]):
            if following.kind != "symbol" or other.end != following.start:
                break
            written += following.text
        operator = next((one for one in _OPERATORS if written.startswith(one)), None)
        if token.kind != "symbol" or operator is None:
            yield token
            at += 1
        else:
            yield Token("symbol", _SAME.get(operator, operator), token.start)
            at += len(operator)


def _wants_operand(pieces: Sequence[_Piece]) -> bool:
    if not pieces:
        return True
    last = pieces[-1]
    return last.role in {"keyword", "sign"} or (last.role == "symbol" and last.text != ")")


def _piece(before: Token, token: Token, after: Token, columns: Mapping[str, str]) -> _Piece:
    if before.keyword == "COLLATE":
        return _Piece(_collation(unquote(token.text)), "value")
    if token.kind == "word":
        return _word(before, token, after, columns)
    if token.kind == "quoted":
        return _quoted(before, token, after, columns)
    if token.kind == "symbol":
        return _Piece(token.text, "symbol")
    changed = {"number": token.text.lower(), "blob": token.text.upper()}
    return _Piece(changed.get(token.kind, token.text), "value")


def _word(before: Token, token: Token, after: Token, columns: Mapping[str, str]) -> _Piece:
    if token.keyword in OF_EXPRESSIONS and "." not in {before.text, after.text}:
        is_value = token.keyword in OF_VALUES | {"END"}
        role = "call" if token.keyword == "CAST" else "value" if is_value else "keyword"
        return _Piece(token.keyword, role)
    if before.keyword == "AS":
        return _Piece(token.keyword, "call")
    if after.text == "(":
        return _Piece(fold(token.text), "call")
    return _Piece(_identifier(token.text, columns), "value")


def _quoted(before: Token, token: Token, after: Token, columns: Mapping[str, str]) -> _Piece:
    name = unquote(token.text)
    if after.text == "(":
        return _Piece(canonical_name(fold(name)), "call")
    is_name = fold(name) in columns or "." in {before.text, after.text} or before.keyword == "AS"
    if is_name or not token.text.startswith('"'):
        return _Piece(_identifier(name, columns), "value")
    # SQLite takes "this" for a string where no column has that name.
    return _Piece(literal(name), "value")


def _identifier(name: str, columns: Mapping[str, str]) -> str:
    return canonical_name(columns.get(fold(name), fold(name)))


def _collation(name: str) -> str:
    return _BUILT_IN.get(fold(name)) or canonical_name(fold(name))


def _type_piece(token: Token) -> _Piece:
    if not token.is_name:
        return _Piece(token.text, "sign" if token.text in _SIGNS else "symbol")
    parts = unquote(token.text).upper().split()
    is_plain = all(map(_PLAIN.fullmatch, parts))
    return _Piece(" ".join(parts) if is_plain else quote(" ".join(parts)), "call")


def _joined(pieces: Sequence[_Piece]) -> str:
    written = ""
    last = _Piece("(", "symbol")
    for piece in pieces:
        written += (" " if _are_apart(last, piece) else "") + piece.text
        last = piece
    return written


def _are_apart(left: _Piece, right: _Piece) -> bool:
    if left.role == "sign":
        return left.text == right.text == "-"  # two of them begin a comment
    if right.text == "(":
        return left.role != "call" and left.text != "("
    return left.text not in {"(", "."} and right.text not in {")", ",", "."}
