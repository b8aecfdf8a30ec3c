"""Views, functions and triggers for models: short for what SQLAlchemy's events can do anyway."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement
from sqlalchemy.sql.compiler import DDLCompiler

from flask_migrate.declarations.statement import (
    Creation,
    arguments_of,
    creation_of,
    fold_of,
    or_replaced,
)

Dialects = str | Sequence[str] | None

_KEEPS_ROWS = "postgresql"
_REPLACES = ("postgresql", "mariadb")
_TRIGGERS = {
    "sqlite": "SELECT 1 FROM {schema}sqlite_master WHERE type = 'trigger' AND name = :name",
    "postgresql": "SELECT 1 FROM pg_trigger WHERE tgname = :name AND tgrelid = to_regclass(:table)",
    "mysql": "SELECT 1 FROM information_schema.triggers "
    "WHERE trigger_name = :name AND trigger_schema = coalesce(:schema, database())",
}
_ROUTINES = (
    "SELECT 1 FROM information_schema.routines "
    "WHERE routine_name = :name AND routine_schema = coalesce(:schema, database())"
)


class Making(DDLElement):
    """A statement that `create_all()` runs where what it makes is missing.

    For a comparison, it is always what the models want.
    """


class _CreateView(Making):
    def __init__(self, view: "View") -> None:
        self.view = view


class _DropView(DDLElement):
    def __init__(self, view: "View") -> None:
        self.view = view


class _CreateAsWritten(Making):
    def __init__(self, sql: str, made: Creation) -> None:
        self.sql = sql
        self.made = made


class _DropAsWritten(DDLElement):
    def __init__(self, sql: str, made: Creation) -> None:
        self.sql = sql
        self.made = made


class View:
    """A view of the models.

    `create_all()` makes it, `drop_all()` drops it, and `flask db migrate` compares it.

    Args:
        name: Its name.
        query: What it shows: a SELECT of SQLAlchemy, or its text.
        metadata: That of the models, such as `db.metadata`.
        schema: Where it is; None for the default schema.
        materialized: Whether it keeps its rows until it is refreshed. PostgreSQL does that;
            elsewhere it is a view like any other.
    """

    def __init__(
        self,
        name: str,
        query: sa.Select[Any] | sa.CompoundSelect[Any] | str,
        *,
        metadata: sa.MetaData,
        schema: str | None = None,
        materialized: bool = False,
    ) -> None:
        self.name = name
        self.query = query
        self.schema = schema
        self.materialized = materialized
        _listen(metadata, _where_missing(_CreateView(self)), _DropView(self))

    @property
    def table(self) -> sa.TableClause:
        """The view as something to select from; of a text, nobody knows the columns."""
        columns = () if isinstance(self.query, str) else self.query.selected_columns
        named = [sa.column(one.name, one.type) for one in columns if isinstance(one.name, str)]
        return sa.table(self.name, *named, schema=self.schema)


class Function:
    """A function or a procedure of the models, which PostgreSQL, MariaDB and MySQL have.

    Args:
        sql: The statement that makes it: `CREATE FUNCTION ...`.
        metadata: That of the models, such as `db.metadata`.
        dialect: The servers that the statement is for, such as "postgresql"; None for any.
        before_tables: Whether tables need it, in a default or a CHECK.

    Raises:
        ValueError: The statement makes nothing of that kind.
    """

    def __init__(
        self,
        sql: str,
        *,
        metadata: sa.MetaData,
        dialect: Dialects = None,
        before_tables: bool = False,
    ) -> None:
        made = _made(sql, "function", "procedure")
        self.name = made.target.name
        create = _where_missing(_CreateAsWritten(sql, made), dialect)
        drop = _for(_DropAsWritten(sql, made), dialect)
        _listen(metadata, create, drop, before_tables=before_tables)


class Trigger:
    """A trigger of the models.

    Args:
        sql: The statement that makes it: `CREATE TRIGGER ...`.
        metadata: That of the models, such as `db.metadata`.
        dialect: The databases that the statement is for, such as "sqlite"; None for any.

    Raises:
        ValueError: The statement makes nothing of that kind.
    """

    def __init__(self, sql: str, *, metadata: sa.MetaData, dialect: Dialects = None) -> None:
        made = _made(sql, "trigger")
        self.name = made.target.name
        create = _where_missing(_CreateAsWritten(sql, made), dialect)
        _listen(metadata, create, _for(_DropAsWritten(sql, made), dialect))


def _made(sql: str, *kinds: str) -> Creation:
    made = creation_of(sql)
    if made is None or made.kind not in kinds:
        raise ValueError(f"This does not begin as CREATE {kinds[0].upper()}: {sql[:60]!r}.")
    return made


def _listen(
    metadata: sa.MetaData, create: DDLElement, drop: DDLElement, *, before_tables: bool = False
) -> None:
    """Run a statement with `create_all()`, the other one with `drop_all()`.

    What was declared last goes first: it may need what was declared before it.
    """
    sa.event.listen(metadata, "before_create" if before_tables else "after_create", create)
    on_drop = "after_drop" if before_tables else "before_drop"
    sa.event.listen(metadata, on_drop, drop, insert=True)


def _for(element: DDLElement, dialect: Dialects) -> DDLElement:
    # SQLAlchemy takes more than one name, and its types do not say so.
    names: Any = dialect if dialect is None or isinstance(dialect, str) else tuple(dialect)
    return element.execute_if(dialect=names)


def _where_missing(element: Making, dialect: Dialects = None) -> DDLElement:
    names: Any = dialect if dialect is None or isinstance(dialect, str) else tuple(dialect)
    condition: Any = _is_missing
    return element.execute_if(dialect=names, callable_=condition)


def _is_missing(ddl: Any, target: Any, bind: Any, **_: Any) -> bool:  # noqa: ARG001  (SQLAlchemy's)
    """Return whether `create_all()` is to make something: a table that is there stays too."""
    if isinstance(ddl, _CreateView):
        return not sa.inspect(bind).has_table(ddl.view.name, schema=ddl.view.schema)
    assert isinstance(ddl, _CreateAsWritten)  # noqa: S101  (there are no others)
    query = _query(ddl, bind.dialect)
    if query is None:
        return True
    made = creation_of(ddl.sql, fold=fold_of(bind.dialect.name)) or ddl.made
    known = {
        "name": made.target.name,
        "schema": made.target.schema,
        "table": ddl.sql[made.table.start : made.table.end] if made.table else None,
    }
    needed = {name: value for name, value in known.items() if f":{name}" in query}
    return bind.execute(sa.text(query), needed).first() is None


def _query(ddl: _CreateAsWritten, dialect: sa.Dialect) -> str | None:
    """Return what finds out whether something is there; None where it is replaced."""
    if ddl.made.kind == "trigger":
        schema = ddl.made.target.schema
        place = f"{dialect.identifier_preparer.quote(schema)}." if schema else ""
        name = "mysql" if dialect.name == "mariadb" else dialect.name
        return _TRIGGERS.get(name, "").format(schema=place) or None
    return None if _is_replaced(dialect) else _ROUTINES


def _is_replaced(dialect: sa.Dialect) -> bool:
    return dialect.name in _REPLACES or bool(getattr(dialect, "is_mariadb", False))


@compiles(_CreateView)
def _create_view(element: _CreateView, compiler: DDLCompiler, **_: Any) -> str:
    view = element.view
    return f"CREATE {_kind(view, compiler)} {_name(view, compiler)} AS\n{_query_of(view, compiler)}"


@compiles(_DropView)
def _drop_view(element: _DropView, compiler: DDLCompiler, **_: Any) -> str:
    view = element.view
    return f"DROP {_kind(view, compiler)} IF EXISTS {_name(view, compiler)}"


@compiles(_CreateAsWritten)
def _create_as_written(element: _CreateAsWritten, compiler: DDLCompiler, **_: Any) -> str:
    is_routine = element.made.kind != "trigger"
    sql = element.sql.strip()
    replaced = or_replaced(sql) if is_routine and _is_replaced(compiler.dialect) else sql
    return _as_written(replaced, compiler)


@compiles(_DropAsWritten)
def _drop_as_written(element: _DropAsWritten, compiler: DDLCompiler, **_: Any) -> str:
    made, sql = element.made, element.sql
    name = sql[made.target.start : made.target.end]
    words = f"DROP {made.kind.upper()} IF EXISTS {name}"
    if compiler.dialect.name != "postgresql":
        return _as_written(words, compiler)
    if made.table is not None:
        return _as_written(f"{words} ON {sql[made.table.start : made.table.end]}", compiler)
    return _as_written(f"{words}{arguments_of(sql, made)}", compiler)


def _as_written(sql: str, compiler: DDLCompiler) -> str:
    """Return text as a driver takes it, which may want percent signs doubled."""
    return str(compiler.process(sa.DDL(sql.replace("%", "%%"))))  # type: ignore[no-untyped-call]


def _kind(view: View, compiler: DDLCompiler) -> str:
    keeps = view.materialized and compiler.dialect.name == _KEEPS_ROWS
    return "MATERIALIZED VIEW" if keeps else "VIEW"


def _name(view: View, compiler: DDLCompiler) -> str:
    preparer = compiler.preparer
    parts = [preparer.quote_schema(view.schema)] if view.schema else []
    return ".".join([*parts, preparer.quote(view.name)])


def _query_of(view: View, compiler: DDLCompiler) -> str:
    if isinstance(view.query, str):
        return _as_written(view.query.strip(), compiler)
    return str(compiler.sql_compiler.process(view.query, literal_binds=True))
