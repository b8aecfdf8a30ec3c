"""Read the text of a CREATE TABLE statement. https://www.sqlite.org/lang_createtable.html."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from flask_migrate.database.sqlite.ddl import Clause, Column, Constraint, Kind, Table
from flask_migrate.database.sqlite.reader import END, Reader, UnreadableDDL
from flask_migrate.database.sqlite.tokens import Token, unquote

_BEGINS_CONSTRAINT = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"})
_ENDS_TYPE = _BEGINS_CONSTRAINT - {"FOREIGN"} | {
    "AS",
    "COLLATE",
    "DEFAULT",
    "DEFERRABLE",
    "NOT",
    "NULL",
    "REFERENCES",
}


# What stands up to the next parenthesis or comma that is one: no comment, string or quoted name.
_UP_TO_NEXT = re.compile(
    r"""
    (?: [^"'`\[(),/-]++ | "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] | '(?:[^']|'')*'
      | --[^\n]* | /\*.*?(?:\*/|\Z) | [^(),] )*+
    (?P<mark> [(),] | \Z )
    """,
    re.VERBOSE | re.DOTALL,
)
_REMARK = re.compile(r"[^\S\n]*--[^\n]*\n")


def parse_table(sql: str) -> Table:
    """Read a CREATE TABLE statement, as a user or as SQLite writes it.

    Raises:
        UnreadableDDL: It is something else, or written in a way that we do not know.
    """
    body, pieces, end = _pieces(sql)
    start, written, opening = _parse_head(sql[:body])
    items: list[Column | Constraint] = []
    for piece in pieces:
        items += _parse_piece(piece, is_first=not items)
    columns = tuple(one for one in items if isinstance(one, Column))
    constraints = [one for one in items if isinstance(one, Constraint)]
    if any(isinstance(one, Constraint) for one in items[: len(columns)]):
        raise UnreadableDDL(f"cannot read a column behind a constraint: {sql!r}")
    return Table(
        start=start,
        written=written,
        opening=opening,
        columns=columns,
        constraints=tuple(_with_last_comma(constraints)),
        tail=sql[end:],
    )


def _pieces(sql: str) -> tuple[int, list[str], int]:
    """Return where the body begins, what stands in it, each with its comma, and where it ends."""
    found = _UP_TO_NEXT.match(sql)
    body = at = found.end() if found else 0
    pieces, depth = [], 0
    while found and (mark := found["mark"]):
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth -= 1
        elif depth == 1:
            remark = _REMARK.match(sql, found.end())
            end = (remark or found).end()
            pieces.append(sql[at:end])
            at = end
        if not depth:
            last = sql[at : found.start("mark")]
            return body, [*pieces, last] if last.strip() else pieces, found.start("mark")
        found = _UP_TO_NEXT.match(sql, max(at, found.end()))
    raise UnreadableDDL(f"cannot read where it ends: {sql!r}")


def _parse_head(sql: str) -> tuple[str, str, str]:
    """Return what stands before the name, the name, and the parenthesis behind it."""
    reader = Reader(sql)
    reader.expect("CREATE")
    if reader.keyword() in {"TEMP", "TEMPORARY"}:
        reader.take()
    reader.expect("TABLE")
    if reader.keyword() == "IF":
        reader.expect("IF", "NOT", "EXISTS")
    if reader.keyword(1) == ".":
        reader.take_name()
        reader.take()
    start = reader.past() + reader.space()
    written = reader.take_name()
    mark = reader.position
    reader.expect("(")
    return start, written, reader.since(mark)


@lru_cache(maxsize=8192)
def _parse_piece(sql: str, *, is_first: bool) -> tuple[Column | Constraint, ...]:
    """Read what stands up to a comma: a column, or constraints of the table without commas.

    The tables of a database have many columns alike, and each is read once.
    """
    reader = Reader(sql)
    if is_first or reader.keyword() not in _BEGINS_CONSTRAINT:
        column = _parse_column(reader)
        if reader.peek() is not END:
            raise reader.confused()
        return (column,)
    found = []
    while reader.peek() is not END:
        if reader.keyword() not in _BEGINS_CONSTRAINT:
            raise reader.confused()
        clause = _parse_clause(reader.beyond_columns())
        trail = reader.space()
        comma, remark = reader.comma()
        found.append(Constraint(clause=clause, trail=trail, comma=comma, remark=remark))
    return tuple(found)


def parse_column(sql: str) -> Column:
    """Read the definition of a column.

    Raises:
        UnreadableDDL: It is something else.
    """
    reader = Reader(sql)
    column = _parse_column(reader)
    if reader.peek() is not END:
        raise UnreadableDDL(f"cannot read the column definition {sql!r}")
    return column


def parse_constraint(sql: str) -> Constraint:
    """Read a constraint of a table.

    Raises:
        UnreadableDDL: It is something else.
    """
    reader = Reader(sql)
    constraint = Constraint(clause=_parse_clause(reader.beyond_columns()))
    if reader.peek() is not END:
        raise UnreadableDDL(f"cannot read the constraint {sql!r}")
    return constraint


def _with_last_comma(constraints: list[Constraint]) -> list[Constraint]:
    """Let the last one have a comma, for the case that something comes behind it."""
    if constraints and not constraints[-1].comma:
        last = constraints.pop()
        constraints.append(Constraint(clause=last.clause, trail=last.trail, remark=last.remark))
    return constraints


def _parse_column(reader: Reader) -> Column:
    lead = reader.space()
    written = reader.take_name()
    mark = reader.position
    _skip_type(reader)
    type_ = reader.since(mark)
    clauses = []
    while reader.keyword() not in {",", ")"} and reader.peek() is not END:
        clauses.append(_parse_clause(reader))
    trail = reader.space()
    _, remark = reader.comma()
    return Column(
        lead=lead,
        written=written,
        type=type_,
        clauses=tuple(clauses),
        trail=trail,
        remark=remark,
    )


def _skip_type(reader: Reader) -> None:
    mark = reader.position
    while reader.peek().is_name and reader.keyword() not in _ENDS_TYPE:
        if (reader.keyword(), reader.keyword(1)) == ("GENERATED", "ALWAYS"):
            break
        reader.take()
    if reader.position > mark and reader.keyword() == "(":
        reader.take_group()


def _parse_clause(reader: Reader) -> Clause:
    mark = reader.position
    name = None
    while reader.keyword() == "CONSTRAINT":
        reader.take()
        name = unquote(reader.take_name())
    reader.begin_body()
    kind, details = _PARSERS.get(reader.keyword(), _parse_nothing)(reader)
    if kind is Kind.NOTHING and name is None:
        raise reader.confused()
    return Clause(kind=kind, text=reader.since(mark), name=name, body=reader.body(), **details)


_Details = dict[str, Any]
_Parsed = tuple[Kind, _Details]


def _parse_nothing(_reader: Reader) -> _Parsed:
    return Kind.NOTHING, {}


def _parse_primary_key(reader: Reader) -> _Parsed:
    reader.expect("PRIMARY", "KEY")
    details: _Details = {}
    if reader.is_beyond_columns:
        details, inner = _parse_list(reader)
        details["is_autoincrement"] = any(token.keyword == "AUTOINCREMENT" for token in inner)
    elif reader.keyword() in {"ASC", "DESC"}:
        reader.take()
    _skip_on_conflict(reader)
    if reader.keyword() == "AUTOINCREMENT" and not reader.is_beyond_columns:
        reader.take()
        details["is_autoincrement"] = True
    return Kind.PRIMARY_KEY, details


def _parse_unique(reader: Reader) -> _Parsed:
    reader.expect("UNIQUE")
    details = _parse_list(reader)[0] if reader.is_beyond_columns else {}
    _skip_on_conflict(reader)
    return Kind.UNIQUE, details


def _parse_check(reader: Reader) -> _Parsed:
    reader.expect("CHECK")
    expression = reader.take_group()
    _skip_on_conflict(reader)
    return Kind.CHECK, {"expression": expression.strip()[1:-1]}


def _parse_not(reader: Reader) -> _Parsed:
    if reader.keyword(1) == "DEFERRABLE":
        return _parse_deferrable(reader)
    reader.expect("NOT", "NULL")
    _skip_on_conflict(reader)
    return Kind.NOT_NULL, {}


def _parse_null(reader: Reader) -> _Parsed:
    reader.expect("NULL")
    _skip_on_conflict(reader)
    return Kind.NULL, {}


def _parse_default(reader: Reader) -> _Parsed:
    reader.expect("DEFAULT")
    mark = reader.position
    if reader.keyword() == "(":
        reader.take_group()
    else:
        if reader.keyword() in {"+", "-"}:
            reader.take()
        reader.take()
    return Kind.DEFAULT, {"expression": reader.since(mark).strip()}


def _parse_collate(reader: Reader) -> _Parsed:
    reader.expect("COLLATE")
    return Kind.COLLATE, {"expression": unquote(reader.take_name())}


def _parse_generated(reader: Reader) -> _Parsed:
    if reader.keyword() == "GENERATED":
        reader.expect("GENERATED", "ALWAYS")
    reader.expect("AS")
    expression = reader.take_group()
    if reader.keyword() in {"STORED", "VIRTUAL"}:
        reader.take()
    return Kind.GENERATED, {"expression": expression.strip()[1:-1]}


def _parse_references(reader: Reader) -> _Parsed:
    reader.expect("REFERENCES")
    table = unquote(reader.take_name())
    columns = _parse_list(reader)[0]["columns"] if reader.keyword() == "(" else ()
    while reader.keyword() in {"ON", "MATCH"}:
        _skip_action(reader)
    if reader.keyword() == "DEFERRABLE" or reader.keyword(1) == "DEFERRABLE":
        _parse_deferrable(reader)
    return Kind.FOREIGN_KEY, {"refers_to": table, "refers_columns": columns}


def _parse_foreign_key(reader: Reader) -> _Parsed:
    reader.expect("FOREIGN", "KEY")
    details, _ = _parse_list(reader)
    _, references = _parse_references(reader)
    return Kind.FOREIGN_KEY, {**references, **details}


def _parse_deferrable(reader: Reader) -> _Parsed:
    if reader.keyword() == "NOT":
        reader.take()
    reader.expect("DEFERRABLE")
    if reader.keyword() == "INITIALLY":
        reader.take()
        reader.take()
    return Kind.DEFERRABLE, {}


_PARSERS = {
    "PRIMARY": _parse_primary_key,
    "UNIQUE": _parse_unique,
    "CHECK": _parse_check,
    "FOREIGN": _parse_foreign_key,
    "REFERENCES": _parse_references,
    "NOT": _parse_not,
    "NULL": _parse_null,
    "DEFAULT": _parse_default,
    "COLLATE": _parse_collate,
    "GENERATED": _parse_generated,
    "AS": _parse_generated,
    "DEFERRABLE": _parse_deferrable,
}


def _parse_list(reader: Reader) -> tuple[_Details, tuple[Token, ...]]:
    """Read the columns in parentheses; the second result is every word in them."""
    reader.take_group()
    first, last = reader.group
    inner = tuple(token for token in reader.tokens[first + 1 : last] if token.kind != "space")
    names = tuple(unquote(part[0].text) for part in split(inner))
    body = reader.body_start
    span = (reader.tokens[first].end - body, reader.tokens[last].start - body)
    return {"columns": names, "lists": span}, inner


def split(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield what stands between the commas of a list, parentheses left whole."""
    depth, part = 0, list[Token]()
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "," and not depth:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _skip_on_conflict(reader: Reader) -> None:
    if reader.keyword() == "ON" and reader.keyword(1) == "CONFLICT":
        reader.expect("ON", "CONFLICT")
        reader.take()


def _skip_action(reader: Reader) -> None:
    if reader.keyword() == "MATCH":
        reader.take()
        reader.take_name()
        return
    reader.take()  # ON
    reader.take()  # DELETE, UPDATE, INSERT
    if reader.keyword() in {"SET", "NO"}:
        reader.take()
    reader.take()
