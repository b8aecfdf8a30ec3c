"""Views, functions and triggers of models, made in scratch databases of MariaDB and MySQL."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, Table

from flask_migrate.database.scratch.databases import Part, run, with_real_names
from flask_migrate.database.scratch.statements import Statement, doubled
from flask_migrate.database.snapshots.mysql.places import quote, unquote
from flask_migrate.declarations.events import Declared
from flask_migrate.declarations.statement import creation_of
from flask_migrate.values.schema import Name

_PART = r"(?:`(?:[^`]|``)+`|[^\W\d][\w$]*)"
_MISSING = re.compile(r"Table '(?P<database>[^.']+)\.(?P<name>.+)' doesn't exist")
_QUALIFIED = re.compile(
    rf"(?P<schema>{_PART})\s*\.\s*(?P<name>{_PART})"
    r"|'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\"|`(?:[^`]|``)*`|\w+",
    re.DOTALL,
)


def make_code(
    beside: Connection,
    code: Sequence[Statement],
    tables: Iterable[Table],
    parts: Collection[Part],
) -> tuple[dict[Name, str], frozenset[Name]]:
    """Make views, functions and triggers.

    Nothing can be made outside of the scratch databases: what a statement makes, and all
    that a view reads of the models, is looked for there. For what a view reads besides, there
    are stand-ins.

    Args:
        beside: To the scratch databases; it uses the first one.
        code: The statements, in the order of their making.
        tables: The tables that have been made.
        parts: The scratch databases.

    Returns:
        What the server says against some of them, and the stand-ins.
    """
    made = {Name(table.schema or "", table.name) for table in tables}
    made |= {one.code.name for one in code if one.code}
    words = _Words(parts, made)
    failed: dict[Name, str] = {}
    others: set[Name] = set()
    for one in code:
        assert one.code is not None  # noqa: S101  (it is code)
        sql = words.in_statement(one.code)
        if words.is_elsewhere(sql):
            problem: str | None = "It is in a database that the models do not name."
        else:
            problem = _run(beside, doubled(sql, beside.dialect), parts, others)
        if problem is not None:
            failed[one.owner] = with_real_names(problem, list(parts))
    return failed, frozenset(others)


def _run(beside: Connection, sql: str, parts: Collection[Part], others: set[Name]) -> str | None:
    """Run a statement, again with each table that it lacks; return what is said against it."""
    while (problem := run(beside, sql)) is not None:
        missing = _MISSING.search(problem)
        part = next((one for one in parts if missing and one.name == missing["database"]), None)
        if missing is None or part is None or not _stand_in(beside, part, missing["name"]):
            return problem
        others.add(Name(part.schema, missing["name"]))
    return None


def _stand_in(beside: Connection, part: Part, name: str) -> bool:
    """Make a table or a view like the real one that the models do not have."""
    if part.real is None:
        return False
    here, there = (f"{quote(one)}.{quote(name)}" for one in (part.name, part.real))
    ways = (
        f"CREATE TABLE {here} LIKE {there}",
        f"CREATE VIEW {here} AS SELECT * FROM {there}",  # noqa: S608  (quoted)
    )
    return any(run(beside, doubled(sql, beside.dialect)) is None for sql in ways)


class _Words:
    """What databases are called in a scratch place."""

    def __init__(self, parts: Iterable[Part], made: Collection[Name]) -> None:
        every = list(parts)
        self._names = {one.name for one in every}
        self._made = {(name.schema.casefold(), name.name.casefold()) for name in made}
        self._by_schema: Mapping[str, Part] = {
            name.casefold(): one for one in every for name in (one.schema, one.real) if name
        }

    def is_elsewhere(self, sql: str) -> bool:
        """Return whether a statement would make something outside of the scratch place."""
        made = creation_of(sql)
        return made is None or made.target.schema not in {None, *self._names}

    def in_statement(self, declared: Declared) -> str:
        """Return a statement as it is to be run in the scratch place.

        The body of a function or a trigger stays as it is: the server keeps it as text.
        """
        if declared.kind == "view":
            return self._redirected(declared.text)
        return "".join(self._with_head_redirected(declared.text))

    def _with_head_redirected(self, sql: str) -> Iterator[str]:
        made = creation_of(sql)
        assert made is not None  # noqa: S101  (it has been read before)
        at = 0
        for part in (made.target, made.table):
            if part is not None:
                yield sql[at : part.start]
                yield self._redirected(sql[part.start : part.end])
                at = part.end
        yield sql[at:]

    def _redirected(self, sql: str) -> str:
        return _QUALIFIED.sub(self._replaced, sql)

    def _replaced(self, match: re.Match[str]) -> str:
        if not match["schema"]:
            return match[0]
        part = self._by_schema.get(_name(match["schema"]).casefold())
        schema = "" if part is None else part.schema.casefold()
        if part is None or (schema, _name(match["name"]).casefold()) not in self._made:
            return match[0]
        return f"{quote(part.name)}.{match['name']}"


def _name(text: str) -> str:
    return unquote(text) if text[0] == "`" else text
