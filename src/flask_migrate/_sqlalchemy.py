"""The only module that touches names that SQLAlchemy keeps private; each has a test.

Everything here is thin: it gives what nothing public of SQLAlchemy tells a name of ours.
"""

import asyncio
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import (
    Column,
    Connection,
    Constraint,
    Dialect,
    Engine,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    NullPool,
    PoolProxiedConnection,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable, DDLElement
from sqlalchemy.sql.base import DialectKWArgs
from sqlalchemy.types import TypeEngine
from sqlalchemy.util import await_only, greenlet_spawn

if TYPE_CHECKING:
    from sqlalchemy.pool.base import _ConnectionFairy, _ConnectionRecord

_Result = TypeVar("_Result")
_Constraint = TypeVar("_Constraint", bound=Constraint)

_PARTS_OF_TABLES = (
    CreateTable,
    CreateColumn,
    CreateIndex,
    PrimaryKeyConstraint,
    UniqueConstraint,
    ForeignKeyConstraint,
)
_AUTOBEGIN = Connection._autobegin.__code__


def begins_by_itself() -> bool:
    """Return whether a transaction that begins just now does so with a statement.

    Ask in a listener for the event ``begin``. Nobody asked for such a transaction, and
    nobody may know that it has to be ended.
    """
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code is _AUTOBEGIN:
            return True
    return False


def connections_held_by(session: Session) -> set[Connection]:
    """Return the connections of the transaction that a session is in.

    One that has not touched a database yet has none, and gets none by being asked.
    """
    transaction = session.get_transaction()
    return {entry[0] for entry in (transaction._connections.values() if transaction else ())}


def pool_without_memory(engine: Engine) -> NullPool:
    """Return a pool that opens connections as that of an engine does, and keeps none."""
    return NullPool(engine.pool._creator, dialect=engine.dialect, _dispatch=engine.pool.dispatch)


def speak_through(proxy: PoolProxiedConnection, connection: Any) -> None:
    """Let what a pool handed out speak to another connection of the driver.

    The pool keeps the one it has, and takes that back in the end.
    """
    cast("_ConnectionFairy", proxy).dbapi_connection = connection


def opened_anew(proxy: PoolProxiedConnection) -> Any:
    """Return a new connection of the driver for what a pool handed out, after it lost its own."""
    return cast(
        "_ConnectionRecord", cast("_ConnectionFairy", proxy)._connection_record
    ).get_connection()


def await_nothing() -> None:
    """Give the event loop a turn, in a function of an asynchronous engine.

    SQLAlchemy takes a statement that awaits nothing for one of a wrong driver.
    """
    await_only(asyncio.sleep(0))


def run_anew(engine: Engine, function: Callable[[], None]) -> None:
    """Run a function in this thread so that it can open connections of an engine.

    Those of an asynchronous engine need an event loop, which this thread gets.
    """
    if engine.dialect.is_async:
        run_in_own_loop(function)
    else:
        function()


def run_in_own_loop(function: Callable[[], _Result]) -> _Result:
    """Run a function that uses an asynchronous driver as if it were none, in a new event loop.

    The thread may not have one. What the function opens it must close: nobody else could.
    """
    return asyncio.run(greenlet_spawn(function))


def is_of_type(constraint: Constraint) -> bool:
    """Return whether a type brought a constraint along: the CHECK of a Boolean or an Enum."""
    return bool(constraint._type_bound)


def sequences_of(metadata: MetaData) -> tuple[Sequence, ...]:
    """Return the sequences of a metadata, those of its columns too."""
    return tuple(metadata._sequences.values())


def is_plain(type_: TypeEngine[Any]) -> bool:
    """Return whether a type is one that SQLAlchemy itself has for every dialect.

    It is neither a subclass that an application wrote, nor another type on some dialects, nor
    one that wraps another.
    """
    is_own = type(type_).__module__ == Integer.__module__
    return is_own and not type_._variant_mapping and not hasattr(type_, "impl")


def variants_of(type_: TypeEngine[Any]) -> Mapping[str, TypeEngine[Any]]:
    """Return what a type is on single servers, where it is not the same as on others."""
    return type_._variant_mapping


def item_type(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """Return the type of a dialect that a column has, or that the items of its arrays have."""
    while True:
        inner = getattr(type_, "impl_instance", None) or getattr(type_, "item_type", None)
        if inner is None:
            return type_
        type_ = inner.dialect_impl(dialect)


def name_as_made(item: Constraint | Index, dialect: Dialect) -> str | None:
    """Return the name that a statement gives a constraint or an index, or None for none.

    What a naming convention makes too long for the server is cut, and told from others by
    a number.
    """
    if item.name is None:
        return None
    name: str | None = dialect.identifier_preparer.format_constraint(item, _alembic_quote=False)
    return name


def copied(column: Column[Any]) -> Column[Any]:
    """Return a copy of a column that belongs to no table."""
    return column._copy()


def in_order_of_creation(constraints: Iterable[_Constraint]) -> list[_Constraint]:
    """Return constraints in the order in which they were declared, as CREATE TABLE has them."""
    return sorted(constraints, key=lambda one: one._creation_order)


def prefixes_of(table: Table) -> bool:
    """Return whether something stands between CREATE and TABLE."""
    return bool(table._prefixes)


def writes_tables_itself() -> bool:
    """Return whether an application compiles what makes a table in a way of its own."""
    return any("_compiler_dispatcher" in vars(one) for one in _PARTS_OF_TABLES)


def options_of(item: DialectKWArgs) -> Collection[str]:
    """Return the names of the options for single servers that a part of the models was given.

    A part that has none holds nothing for them as long as nobody asks it for them.
    """
    return item.dialect_kwargs if "dialect_options" in vars(item) else ()


def listeners(item: MetaData | Table, event: str) -> list[Any]:
    """Return what listens for an event of a metadata or a table, in its order."""
    return list(getattr(item.dispatch, event))


def may_declare(item: MetaData | Table) -> bool:
    """Return whether a metadata or a table brings statements along, or is a view itself."""
    events = ("before_create", "after_create")
    heard = (one for event in events for one in getattr(item.dispatch, event))
    return any(isinstance(one, DDLElement) for one in heard) or getattr(item, "is_view", False)


def is_for_dialect(element: DDLElement, item: MetaData | Table, connection: Connection) -> bool:
    """Return whether `execute_if` of a statement lets it run on this kind of server."""
    condition = element._ddl_if
    if condition is None:
        return True
    return condition._replace(callable_=None)._should_execute(element, item, connection)


def is_to_run(element: DDLElement, item: MetaData | Table, connection: Connection) -> bool:
    """Return whether `execute_if` of a statement lets it run, its callable asked as well."""
    return bool(element._should_execute(item, connection))  # type: ignore[no-untyped-call]


def creation_of_view(table: Table) -> DDLElement | None:
    """Return what makes a table of SQLAlchemy 2.1 that is a view; None for any other table."""
    return cast("DDLElement", table._creator_ddl) if getattr(table, "is_view", False) else None


def named_types_made(memo: Mapping[str, Any]) -> Iterator[set[tuple[str | None, str]]]:
    """Yield what SQLAlchemy remembers of the types that it has made: their schemas and names.

    Args:
        memo: That of whatever runs DDL.
    """
    return (made for kind, made in memo.items() if kind.startswith("pg_"))
