"""Whatever object holds an application's engines and metadata, seen in one way.

Flask-SQLAlchemy, Flask-SQLAlchemy-Lite, Alchemical and plain SQLAlchemy name the same things
differently. What they share is asked here, and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from sqlalchemy import Engine, MetaData
from sqlalchemy.engine import URL

from flask_migrate.database.plain import DEFAULT, by_key, no_engine
from flask_migrate.errors import EngineMissing, MetadataMissing

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

AnyEngine: TypeAlias = "Engine | AsyncEngine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """One database of an application.

    Attributes:
        key: Its bind key; None for the default one.
        engine: How it is reached.
        metadata: The tables that the models want it to have.
    """

    key: str | None
    engine: AnyEngine
    metadata: MetaData

    @property
    def name(self) -> str:
        """Its bind key, or "default"."""
        return self.key or DEFAULT

    @property
    def is_async(self) -> bool:
        """Whether the engine is an `AsyncEngine`."""
        return not isinstance(self.engine, Engine)


def default_bind(database: Any) -> Bind:
    """Return the default database.

    Raises:
        EngineMissing: There is none.
        MetadataMissing: The object does not tell its tables.
    """
    return _bind(database, None)


def all_binds(database: Any) -> tuple[Bind, ...]:
    """Return every database that the object has an engine for, the default one first.

    Raises:
        MetadataMissing: The object does not tell its tables.
    """
    return tuple(_bind(database, key) for key in bind_keys(database))


def bind_keys(database: Any) -> tuple[str | None, ...]:
    """Return the key of every database that the object has an engine for, the default first."""
    if getattr(database, "engines", {}) is None:
        # Alchemical makes all of its engines when it is first asked for one.
        database.get_engine()
    keys = set(by_key(getattr(database, "engines", None) or {}))
    keys |= set(by_key(getattr(database, "async_engines", None) or {}))
    if not keys and callable(names := getattr(database, "bind_names", None)):
        keys = {None, *names()}
    return tuple(sorted(keys or {None}, key=lambda key: (key is not None, key or "")))


def metadata_of(database: Any, key: str | None) -> MetaData:
    """Return the tables that the models want one database to have.

    A bind that no model names has no metadata of its own yet: it is empty.

    Raises:
        MetadataMissing: The object does not tell its tables.
    """
    metadatas = getattr(database, "metadatas", None)
    if metadatas is not None:
        return by_key(metadatas).get(key) or MetaData()
    metadata = getattr(database, "metadata", None)
    if metadata is None:
        raise MetadataMissing(type(database).__name__)
    return metadata if key is None else MetaData()


def engine_of(database: Any, key: str | None) -> AnyEngine:
    """Return how one database is reached.

    Raises:
        EngineMissing: The object has no such engine.
    """
    for name in ("engines", "async_engines"):
        engines = by_key(getattr(database, name, None) or {})
        if key in engines:
            return _checked(engines[key])
    if key is None and (engine := getattr(database, "engine", None)) is not None:
        return _checked(engine)
    if callable(get_engine := getattr(database, "get_engine", None)):
        engine = get_engine() if key is None else get_engine(key)
        if engine is not None:
            return _checked(engine)
    raise no_engine(key)


def known_engines(database: Any) -> Iterable[Engine]:
    """Yield each engine that can be had, as a synchronous one, without failing for the others."""
    for key in bind_keys(database):
        try:
            engine = engine_of(database, key)
        except EngineMissing:
            continue
        yield sync_engine(engine)


def known_urls(database: Any) -> tuple[URL, ...]:
    """Return the address of each engine that can be had, without failing for the others."""
    try:
        return tuple(engine.url for engine in known_engines(database))
    except Exception:  # noqa: BLE001  (an engine that cannot be had has no password to hide)
        return ()


def sync_engine(engine: AnyEngine) -> Engine:
    """Return an engine, or the synchronous one inside of an async one."""
    return engine if isinstance(engine, Engine) else engine.sync_engine


def _bind(database: Any, key: str | None) -> Bind:
    return Bind(key=key, engine=engine_of(database, key), metadata=metadata_of(database, key))


def _checked(engine: Any) -> AnyEngine:
    if not isinstance(getattr(engine, "sync_engine", engine), Engine):
        raise EngineMissing(
            f"{engine!r} is not an engine of SQLAlchemy.",
            hint="Pass an Engine or an AsyncEngine.",
        )
    return cast("AnyEngine", engine)
