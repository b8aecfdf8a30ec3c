"""Constraints and indexes of PostgreSQL as SQLAlchemy's objects, from what the server writes."""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import conv

from flask_migrate.database.models.postgresql_text import stable
from flask_migrate.values.schema import Constraint, Index, Name

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[(),]|[^'"(),]+""")
_KEY = re.compile(r"^(?:PRIMARY KEY|UNIQUE)(?P<nulls> NULLS NOT DISTINCT)? \(")
_INCLUDE = re.compile(r"^ INCLUDE \(")
_CHECK = re.compile(
    r"^CHECK \((?P<condition>.*)\)(?P<more> NO INHERIT)?(?: NOT VALID)?$", re.DOTALL
)
_INDEX = re.compile(r"^USING (?P<using>\w+) \(")
_WITH = re.compile(r"^ WITH \(")
_TABLESPACE = re.compile(r'^ TABLESPACE (?P<name>"(?:[^"]|"")+"|\S+)')
_ACTIONS = {
    "match": re.compile(r"\) MATCH (FULL|PARTIAL|SIMPLE)"),
    "onupdate": re.compile(r" ON UPDATE (CASCADE|SET NULL|SET DEFAULT|RESTRICT)"),
    "ondelete": re.compile(
        r" ON DELETE ((?:SET NULL|SET DEFAULT)(?: \((?:[^()\"]|\"[^\"]*\")+\))?|CASCADE|RESTRICT)"
    ),
}


def key_of(constraint: Constraint) -> sa.Constraint | None:
    """Return a primary key, or a UNIQUE, or None for one that SQLAlchemy's cannot say.

    What a primary key INCLUDEs is left out: the columns must know that they are the key.

    Args:
        constraint: The constraint, in the words of the server.
    """
    match = _KEY.match(constraint.definition)
    assert match is not None  # noqa: S101  (what the server writes)
    _, rest = _within(constraint.definition[match.end() :])
    options: dict[str, Any] = dict(_deferred(constraint.definition))
    is_primary = constraint.definition.startswith("PRIMARY")
    if _INCLUDE.match(rest) and not is_primary:
        return None
    if match["nulls"]:
        options["postgresql_nulls_not_distinct"] = True
    class_: Any = sa.PrimaryKeyConstraint if is_primary else sa.UniqueConstraint
    return class_(  # type: ignore[no-any-return]
        *constraint.columns, name=_name(constraint), comment=constraint.comment, **options
    )


def check_of(constraint: Constraint) -> sa.CheckConstraint | None:
    """Return a CHECK, or None if SQLAlchemy's cannot say what it does."""
    match = _CHECK.match(constraint.definition)
    if match is None or match["more"]:
        return None
    return sa.CheckConstraint(
        _text(match["condition"]), name=_name(constraint), comment=constraint.comment
    )


def add_foreign_key(constraint: Constraint, table: sa.Table) -> None:
    """Give a table a foreign key, and its metadata what it refers to.

    Args:
        constraint: The foreign key, in the words of the server.
        table: The table.
    """
    target = constraint.target
    assert target is not None  # noqa: S101  (of a foreign key)
    referred = _referred(target, table.metadata)
    for name in constraint.target_columns:
        if name not in referred.columns:
            referred.append_column(sa.Column(name, sa.types.NullType()))
    definition = constraint.definition.partition(" REFERENCES ")[2]
    found = {name: one.search(definition) for name, one in _ACTIONS.items()}
    options: dict[str, Any] = {name: match[1] for name, match in found.items() if match}
    table.append_constraint(
        sa.ForeignKeyConstraint(
            constraint.columns,
            [referred.columns[name] for name in constraint.target_columns],
            name=_name(constraint),
            comment=constraint.comment,
            **options | dict(_deferred(definition)),
        )
    )


def _referred(name: Name, metadata: sa.MetaData) -> sa.Table:
    known = metadata.tables.get(str(name))
    return known if known is not None else sa.Table(name.name, metadata, schema=name.schema or None)


def index_of(index: Index) -> sa.Index:
    """Return an index for a table that has its columns.

    Args:
        index: The index, in the words of the server.
    """
    match = _INDEX.match(index.definition)
    assert match is not None  # noqa: S101  (what the server writes)
    inner, rest = _within(index.definition[match.end() :])
    options = dict(_index_options(rest))
    if match["using"] != "btree":
        options["postgresql_using"] = match["using"]
    parts = (
        name if name is not None and name == _plain(part) else _text(part)
        for name, part in zip(index.columns, parts_of(inner), strict=True)
    )
    return sa.Index(conv(index.name), *parts, unique=index.is_unique, **options)


def _index_options(rest: str) -> Iterator[tuple[str, Any]]:
    if include := _INCLUDE.match(rest):
        inner, rest = _within(rest[include.end() :])
        yield "postgresql_include", [unquoted(one) for one in parts_of(inner)]
    if rest.startswith(" NULLS NOT DISTINCT"):
        rest = rest.removeprefix(" NULLS NOT DISTINCT")
        yield "postgresql_nulls_not_distinct", True
    if stored := _WITH.match(rest):
        inner, rest = _within(rest[stored.end() :])
        pairs = (one.partition("=") for one in parts_of(inner))
        yield "postgresql_with", {name: value.strip("'") for name, _, value in pairs}
    if place := _TABLESPACE.match(rest):
        rest = rest[place.end() :]
        yield "postgresql_tablespace", unquoted(place["name"])
    if rest.startswith(" WHERE "):
        yield "postgresql_where", _text(rest.removeprefix(" WHERE "))


def _deferred(definition: str) -> Iterator[tuple[str, Any]]:
    tail = definition.rpartition(")")[2]
    if "NOT DEFERRABLE" in tail or "DEFERRABLE" not in tail:
        return
    yield "deferrable", True
    if "INITIALLY DEFERRED" in tail:
        yield "initially", "DEFERRED"


def _within(text: str) -> tuple[str, str]:
    """Return what is before the parenthesis that closes, and what is after it.

    >>> _within("lower(v), ')') WHERE x")
    ("lower(v), ')'", ' WHERE x')
    """
    depth = 1
    for token in _TOKEN.finditer(text):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if not depth:
            return text[: token.start()], text[token.end() :]
    return text, ""


def parts_of(text: str) -> Iterator[str]:
    """Yield what commas separate.

    >>> list(parts_of("lower(a, b), c DESC"))
    ['lower(a, b)', 'c DESC']
    """
    depth = start = 0
    for token in _TOKEN.finditer(text):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[0] == "," and not depth:
            yield text[start : token.start()].strip()
            start = token.end()
    yield text[start:].strip()


def _plain(part: str) -> str | None:
    """Return the name of a column, if a part of an index is nothing else."""
    is_name = re.fullmatch(r'"(?:[^"]|"")+"|[^\W\d][\w$]*', part)
    return unquoted(part) if is_name else None


def unquoted(name: str) -> str:
    """Return a name without its quotes."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _name(constraint: Constraint) -> conv | None:
    return conv(constraint.name) if constraint.name is not None else None


def _text(sql: str) -> sa.TextClause:
    return sa.text(stable(sql).replace(":", "\\:"))
