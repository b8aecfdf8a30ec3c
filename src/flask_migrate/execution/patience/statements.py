"""Read from the text of a statement of PostgreSQL how it locks. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<space>    \s+ | --[^\n]* )
  | (?P<comment>  /\* )
  | (?P<string>   [eE]'(?: [^'\\] | \\. | '' )*' | (?: [uU]& | [bBxXnN] )?'(?: [^'] | '' )*' )
  | (?P<quoted>   (?: [uU]& )?"(?: [^"] | "" )*" )
  | (?P<dollar>   \$(?P<tag>[^\W\d]\w*)?\$ .*? \$(?(tag)(?P=tag))\$ )
  | (?P<word>     [^\W\d][\w$]* )
  | (?P<number>   \d[\w.]* )
  | (?P<symbol>   . )
    """,
    re.DOTALL | re.VERBOSE,
)
# What most revisions run needs no closer look.
_PLAIN = re.compile(
    r"\s*(?:(?:CREATE|ALTER|DROP)\s+TABLE|(?:CREATE|DROP)\s+(?:UNIQUE\s+)?INDEX)\b", re.IGNORECASE
)
_UNPLAIN = re.compile(r";|--|/\*|CONCURRENTLY|NOWAIT", re.IGNORECASE)
_COMMENT_END = re.compile(r"/\*|\*/")

_ENDS = frozenset({"COMMIT", "END", "ROLLBACK", "ABORT"})
_SETTINGS = frozenset(
    {"SET", "RESET", "SHOW", "DISCARD", "SAVEPOINT", "RELEASE", "LISTEN", "UNLISTEN", "NOTIFY"}
)
_READS = frozenset({"SELECT", "VALUES", "TABLE", "EXPLAIN", "FETCH", "DECLARE"})
_CHANGES = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE"})
_ROWS = _CHANGES | {"COPY", "ANALYZE"}
_CATALOGS = frozenset({"pg_catalog", "information_schema"})
_HARMLESS_FUNCTIONS = frozenset(
    {"version", "current_schema", "current_database", "current_setting", "set_config"}
    | {"now", "coalesce", "pg_backend_pid", "to_regclass", "to_regtype"}
)


class Kind(IntEnum):
    """What a statement does to others, from nothing to much.

    Attributes:
        NOTHING: It sets something, or reads the catalog.
        READS: It reads tables.
        ROWS: It changes rows. While it waits for a lock, nobody waits because of that.
        ALONE: It takes its locks so that queries go on, and waits for transactions that
            have nothing to do with its table: CREATE INDEX CONCURRENTLY.
        TABLES: It may lock tables against everybody, and everybody queues behind it
            while it waits. Also what we do not know.
    """

    NOTHING = 0
    READS = 1
    ROWS = 2
    ALONE = 3
    TABLES = 4


class Token(NamedTuple):
    """A part of a statement that is not space."""

    kind: str
    text: str
    end: int

    def is_word(self, *words: str) -> bool:
        """Return whether it is one of these key words, given in capitals."""
        return self.kind == "word" and self.text.upper() in words

    @property
    def is_name(self) -> bool:
        """Whether it names an object."""
        return self.kind in {"word", "quoted"}

    @property
    def name(self) -> str:
        """What it names: as it stands in the catalog."""
        if self.kind == "quoted":
            return self.text.partition('"')[2][:-1].replace('""', '"')
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class IndexBuild:
    """An index that is built while the application writes.

    Attributes:
        name: Its name, as it stands in the catalog.
        table: The table as the statement names it, with quotes and schema.
        position: Where ``IF NOT EXISTS`` belongs in the statement; None if it has one.
    """

    name: str
    table: str
    position: int | None


@dataclass(frozen=True, slots=True)
class NewValue:
    """A value that is added to an enum type.

    Attributes:
        type: The type as the statement names it, with quotes and schema.
        value: The value as an SQL literal.
        place: Where it is to stand: ``BEFORE 'other'``, ``AFTER 'other'`` or nothing.
        position: Where ``IF NOT EXISTS`` belongs in the statement; None if it has one.
    """

    type: str
    value: str
    place: str
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the text of a statement, or of several in one string, tells.

    Attributes:
        text: The text.
        kind: What it does to others; of several the most.
        has_several: Whether it is more than one statement.
        begins: Whether it begins a transaction by itself.
        ends: Whether it ends the transaction.
        rolls_back_part: Whether it goes back to a savepoint, which forgets settings.
        sets_lock_timeout: "transaction" or "session" if it says how long to wait for locks,
            "nothing" if it takes that back.
        waits_as_it_says: Whether it says for itself that it does not wait: NOWAIT.
        index: The index that it builds concurrently.
        drops_index: Whether it drops an index concurrently.
        values: The values that it adds to enum types.
    """

    text: str
    kind: Kind
    has_several: bool = False
    begins: bool = False
    ends: bool = False
    rolls_back_part: bool = False
    sets_lock_timeout: str | None = None
    waits_as_it_says: bool = False
    index: IndexBuild | None = None
    drops_index: bool = False
    values: tuple[NewValue, ...] = ()


def read_statement(text: str, *, is_escaped: bool = False) -> Statement:
    """Return what the text of a statement tells.

    Args:
        text: The text.
        is_escaped: Whether each percent sign in it stands twice.

    >>> read_statement('CREATE INDEX CONCURRENTLY "By name" ON shop."User" (name)').index
    IndexBuild(name='By name', table='shop."User"', position=25)
    >>> read_statement("SELECT 1; DROP TABLE users").kind.name
    'TABLES'
    """
    if _PLAIN.match(text) and not _UNPLAIN.search(text):
        return Statement(text=text, kind=Kind.TABLES)
    parts = [part for part in _split(tokens_of(text, is_escaped=is_escaped)) if part]
    kinds = [_kind(part) for part in parts]
    alone = parts[0] if len(parts) == 1 else []
    lock_timeouts = [found for part in parts if (found := _lock_timeout(part))]
    return Statement(
        text=text,
        kind=max(kinds, default=Kind.NOTHING),
        has_several=len(parts) > 1,
        begins=any(part[0].is_word("BEGIN", "START") for part in parts),
        ends=any(_ends(part) for part in parts),
        rolls_back_part=any(part[0].is_word("ROLLBACK") and not _ends(part) for part in parts),
        sets_lock_timeout=lock_timeouts[-1] if lock_timeouts else None,
        waits_as_it_says=any(token.is_word("NOWAIT") for part in parts for token in part),
        index=_index(alone),
        drops_index=_starts(alone, "DROP", "INDEX", "CONCURRENTLY"),
        values=tuple(value for part in parts if (value := _new_value(part))),
    )


def tokens_of(text: str, *, is_escaped: bool = False) -> Iterator[Token]:
    """Yield the parts of a text that are neither space nor comment.

    Args:
        text: The text.
        is_escaped: Whether each percent sign in it stands twice.
    """
    position = 0
    while found := _TOKEN.match(text, position):
        position = found.end()
        kind = str(found.lastgroup if found.lastgroup != "tag" else "dollar")
        if kind == "comment":
            position = _end_of_comment(text, position)
        elif kind != "space":
            part = found.group()
            yield Token(kind, part.replace("%%", "%") if is_escaped else part, position)


def _end_of_comment(text: str, position: int) -> int:
    """Return where a comment ends that began before a position; comments are nested."""
    depth = 1
    while depth and (found := _COMMENT_END.search(text, position)):
        depth += 1 if found.group() == "/*" else -1
        position = found.end()
    return position if not depth else len(text)


def _split(tokens: Iterator[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    # The body of a function in standard SQL has statements of its own.
    depth = 0
    for token in tokens:
        if token.is_word("ATOMIC") and part and part[-1].is_word("BEGIN"):
            depth = 1
        elif depth and token.is_word("CASE"):
            depth += 1
        elif depth and token.is_word("END"):
            depth -= 1
        if token.text == ";" and not depth:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _starts(part: Sequence[Token], *words: str) -> bool:
    return len(part) >= len(words) and all(
        token.is_word(word) for token, word in zip(part, words, strict=False)
    )


def _ends(part: Sequence[Token]) -> bool:
    if _starts(part, "PREPARE", "TRANSACTION"):
        return True
    goes_back = part[0].is_word("ROLLBACK") and any(token.is_word("TO") for token in part)
    return part[0].is_word(*_ENDS) and not goes_back


def _kind(part: Sequence[Token]) -> Kind:
    first = part[0]
    if first.is_word(*_SETTINGS, *_ENDS, "BEGIN", "START"):
        return Kind.NOTHING
    if first.is_word("WITH"):
        return Kind.ROWS if any(token.is_word(*_CHANGES) for token in part) else Kind.READS
    if first.is_word(*_READS) or first.text == "(":
        return _kind_of_read(part)
    if first.is_word(*_ROWS):
        return Kind.ROWS
    if first.is_word("VACUUM") or any(token.is_word("CONCURRENTLY") for token in part):
        return Kind.ALONE
    return Kind.TABLES


def _kind_of_read(part: Sequence[Token]) -> Kind:
    """Tell what reads tables from what reads only the catalog, or calls who knows what."""
    followed = list(pairwise([*part, Token("end", "", 0)]))
    called = [before for before, after in followed if after.text == "(" and before.is_name]
    sources = [after for before, after in followed if before.is_word("FROM", "JOIN")]
    tables = [token for token in sources if token.is_name and not token.is_word("LATERAL")]
    unknown = {id(token) for token in called if not _is_harmless(token)}
    if any(id(token) in unknown for token in tables) or (unknown and not tables):
        return Kind.TABLES
    return Kind.NOTHING if all(map(_is_of_catalog, tables)) else Kind.READS


def _is_of_catalog(token: Token) -> bool:
    return token.name in _CATALOGS or token.name.startswith("pg_")


def _is_harmless(token: Token) -> bool:
    return token.name in _HARMLESS_FUNCTIONS or token.is_word("SELECT")


def _lock_timeout(part: Sequence[Token]) -> str | None:
    words = [token.name for token in part[:3] if token.is_name]
    match words:
        case ["reset", "lock_timeout", *_]:
            return "nothing"
        case ["set", "lock_timeout", *_] | ["set", "session", "lock_timeout"]:
            return "session"
        case ["set", "local", "lock_timeout"]:
            return "transaction"
    return None


def _index(part: Sequence[Token]) -> IndexBuild | None:
    words = [token for token in part if not token.is_word("UNIQUE")]
    if not _starts(words, "CREATE", "INDEX", "CONCURRENTLY"):
        return None
    match _without(words[3:], "IF", "NOT", "EXISTS"):
        case [name, on, *rest] if name.is_name and on.is_word("ON") and rest:
            has_condition = len(rest) + 2 != len(words[3:])
            table, _ = _qualified_name(_without(rest, "ONLY"))
            return IndexBuild(name.name, table, None if has_condition else words[2].end)
    return None


def _new_value(part: Sequence[Token]) -> NewValue | None:
    if not _starts(part, "ALTER", "TYPE"):
        return None
    name, rest = _qualified_name(part[2:])
    if not _starts(rest, "ADD", "VALUE"):
        return None
    added = _without(rest[2:], "IF", "NOT", "EXISTS")
    if not added or added[0].kind not in {"string", "dollar"}:
        return None
    has_condition = len(added) != len(rest) - 2
    return NewValue(
        type=name,
        value=added[0].text,
        place=" ".join(token.text for token in added[1:]),
        position=None if has_condition else rest[1].end,
    )


def _without(part: Sequence[Token], *words: str) -> Sequence[Token]:
    return part[len(words) :] if _starts(part, *words) else part


def _qualified_name(part: Sequence[Token]) -> tuple[str, Sequence[Token]]:
    """Return a name with its schema, as it is written, and what comes after it."""
    length = 1
    while len(part) > length + 1 and part[length].text == ".":
        length += 2
    return "".join(token.text for token in part[:length]), part[length:]


def with_conditions(text: str, positions: Sequence[int]) -> str:
    """Return a statement with ``IF NOT EXISTS`` at some positions.

    >>> with_conditions("ALTER TYPE mood ADD VALUE 'calm'", [25])
    "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm'"
    """
    for position in sorted(positions, reverse=True):
        text = f"{text[:position]} IF NOT EXISTS{text[position:]}"
    return text
