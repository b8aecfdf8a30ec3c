"""What a statement makes that is neither a table nor a part of one. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

VIEWS = ("view", "materialized view")
_TOKEN = re.compile(
    r"""(?P<nothing>--[^\n]*|/\*.*?\*/|\s+)
    |(?P<text>[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*')
    |\$(?P<tag>\w*)\$.*?\$(?P=tag)\$
    |(?P<name>"(?:[^"]|"")+"|`(?:[^`]|``)+`|\[[^]]+\])
    |(?P<word>[^\W\d][\w$]*)
    |.""",
    re.DOTALL | re.VERBOSE,
)
_KINDS = {"VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "INDEX"}
_BEFORE_KIND = {"OR", "REPLACE", "RECURSIVE", "MATERIALIZED", "CONSTRAINT", "UNIQUE"}
_BEFORE_KIND |= {"ALGORITHM", "UNDEFINED", "MERGE", "TEMPTABLE", "SQL", "SECURITY", "INVOKER", "="}
_ON_TABLE = {"TRIGGER", "INDEX"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A name in a statement.

    Attributes:
        schema: The schema that stands before it; None for none.
        name: The name, without quotes.
        start: Where it begins, its schema too.
        end: Where it ends.
    """

    schema: str | None
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """What a statement makes.

    Attributes:
        kind: "view", "materialized view", "function", "procedure", "trigger" or "index".
        target: What it is called.
        table: The table or the view of a trigger or an index.
    """

    kind: str
    target: Part
    table: Part | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    is_quoted: bool
    is_word: bool

    @property
    def keyword(self) -> str:
        return "" if self.is_quoted else self.text.upper()


def fold_of(dialect: str) -> Callable[[str], str]:
    """Return what a server makes of a name without quotes."""
    return str.lower if dialect == "postgresql" else str


def creation_of(sql: str, *, fold: Callable[[str], str] = str) -> Creation | None:
    """Return what a statement makes; None if that is anything else, or temporary.

    Args:
        sql: One statement.
        fold: What the server makes of a name without quotes.

    >>> creation_of("CREATE OR REPLACE VIEW seen AS SELECT 1").kind
    'view'
    >>> creation_of("GRANT ALL ON seen TO ada")
    """
    tokens = list(_tokens(sql))
    at = _kind_at(tokens)
    if at is None:
        return None
    word = tokens[at].keyword
    is_kept = any(one.keyword == "MATERIALIZED" for one in tokens[:at])
    target = _part(tokens, _after_options(tokens, at + 1), fold)
    if target is None:
        return None
    table = _table(tokens, target, fold) if word in _ON_TABLE else None
    if word in _ON_TABLE and table is None:
        return None
    kind = "materialized view" if is_kept else word.lower()
    return Creation(kind=kind, target=target, table=table)


def split(sql: str) -> Iterator[str]:
    """Yield the statements of a text, for servers that take more than one.

    >>> list(split("SELECT ';'; SELECT $$ ; $$;"))
    ["SELECT ';'", 'SELECT $$ ; $$']
    """
    start, depth, before = 0, 0, ""
    for token in _tokens(sql):
        word = token.keyword
        depth += (before, word) == ("BEGIN", "ATOMIC") or (depth > 0 and word == "CASE")
        depth -= depth > 0 and word == "END"
        if word == ";" and depth == 0:
            yield from _filled(sql[start : token.start])
            start = token.end
        before = word
    yield from _filled(sql[start:])


def arguments_of(sql: str, made: Creation) -> str:
    """Return the arguments of a function as DROP FUNCTION takes them, with their parentheses.

    >>> sql = "CREATE FUNCTION f(a numeric(4, 2) DEFAULT 1, b text = ',') RETURNS int"
    >>> arguments_of(sql, creation_of(sql))
    '(a numeric(4, 2), b text)'
    """
    depth, kept, is_default = 0, "", False
    at = made.target.end
    for token in _tokens(sql):
        if token.start < made.target.end:
            continue
        is_default = is_default or token.keyword in {"DEFAULT", "="}
        depth -= token.text == ")"
        ends = (depth == 0 and token.text == ")") or (depth == 1 and token.text == ",")
        if ends:
            is_default = False
        if not is_default:
            kept += sql[at : token.end] if not ends else token.text
        if depth == 0 and token.text == ")":
            return kept.strip()
        depth += token.text == "("
        at = token.end
    return ""


def or_replaced(sql: str) -> str:
    """Return a statement that makes something, so that it may be there already.

    >>> or_replaced("create view seen as select 1")
    'CREATE OR REPLACE view seen as select 1'
    """
    tokens = list(_tokens(sql))
    if [one.keyword for one in tokens[:3]] == ["CREATE", "OR", "REPLACE"]:
        return sql
    return f"{sql[: tokens[0].start]}CREATE OR REPLACE{sql[tokens[0].end :]}"


def _filled(sql: str) -> Iterator[str]:
    if any(True for _ in _tokens(sql)):
        yield sql.strip()


def _tokens(sql: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(sql):
        if match["nothing"] is None:
            yield _Token(
                text=match[0],
                start=match.start(),
                end=match.end(),
                is_quoted=match["name"] is not None or match["text"] is not None,
                is_word=match["name"] is not None or match["word"] is not None,
            )


def _kind_at(tokens: Sequence[_Token]) -> int | None:
    """Return where the word is that says what is made."""
    if not tokens or tokens[0].keyword != "CREATE":
        return None
    at = 1
    while at < len(tokens):
        word = tokens[at].keyword
        if word in _KINDS:
            return at
        if word == "DEFINER":
            at = _after_user(tokens, at)
        elif word not in _BEFORE_KIND:
            return None
        at += 1
    return None


def _after_user(tokens: Sequence[_Token], at: int) -> int:
    """Return where the last piece of DEFINER = user@host is; of SQL SECURITY DEFINER, the word."""
    if at + 2 >= len(tokens) or tokens[at + 1].text != "=":
        return at
    at += 2
    if at + 2 < len(tokens) and tokens[at + 1].text in {"@", "("}:
        return at + 2
    return at


def _after_options(tokens: Sequence[_Token], at: int) -> int:
    while at < len(tokens) and tokens[at].keyword in {"IF", "NOT", "EXISTS", "CONCURRENTLY"}:
        at += 1
    return at


def _part(tokens: Sequence[_Token], at: int, fold: Callable[[str], str]) -> Part | None:
    if at >= len(tokens) or not tokens[at].is_word:
        return None
    first = tokens[at]
    if at + 2 < len(tokens) and tokens[at + 1].text == "." and tokens[at + 2].is_word:
        last = tokens[at + 2]
        return Part(
            schema=_name(first, fold), name=_name(last, fold), start=first.start, end=last.end
        )
    return Part(schema=None, name=_name(first, fold), start=first.start, end=first.end)


def _table(tokens: Sequence[_Token], target: Part, fold: Callable[[str], str]) -> Part | None:
    for at, token in enumerate(tokens):
        if token.start >= target.end and token.keyword == "ON":
            after = at + 1
            if after < len(tokens) and tokens[after].keyword == "ONLY":
                after += 1
            return _part(tokens, after, fold)
    return None


def _name(token: _Token, fold: Callable[[str], str]) -> str:
    if not token.is_quoted:
        return fold(token.text)
    mark = {"[": "]"}.get(token.text[0], token.text[0])
    return token.text[1:-1].replace(mark * 2, mark)
