"""Engines and metadata of plain SQLAlchemy, with the names that any `env.py` asks for.

SQLAlchemy itself is not imported here: `Migrate()` costs a web worker nothing.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from flask_migrate.errors import EngineMissing

if TYPE_CHECKING:
    from sqlalchemy import MetaData

Thing = TypeVar("Thing")

DEFAULT = "default"


class PlainDatabase:
    """Engines and metadata of plain SQLAlchemy, with the names that any `env.py` asks for."""

    def __init__(
        self,
        engine: Any,
        metadata: "MetaData | Mapping[str | None, MetaData]",
    ) -> None:
        self.engines = by_key(engine)
        self.metadatas = by_key(metadata)

    @property
    def engine(self) -> Any:
        """The default engine."""
        return self.get_engine()

    @property
    def metadata(self) -> "MetaData":
        """The default metadata."""
        return self.metadatas[None]

    def get_engine(self, bind_key: str | None = None) -> Any:
        """Return the engine of a bind.

        Raises:
            EngineMissing: There is none.
        """
        try:
            return self.engines[bind_key]
        except KeyError:
            raise no_engine(bind_key) from None


class WithMetadata:
    """A database object, and the metadata that it does not have itself."""

    def __init__(self, database: Any, metadata: "MetaData | Mapping[str | None, MetaData]") -> None:
        self._database = database
        self.metadatas = by_key(metadata)
        self.metadata = self.metadatas.get(None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


def by_key(given: Thing | Mapping[str | None, Thing]) -> dict[str | None, Thing]:
    """Return one thing, or a mapping of things, by bind key; "default" is None."""
    if not isinstance(given, Mapping):
        return {None: given}
    return {None if key == DEFAULT else key: value for key, value in given.items()}


def no_engine(key: str | None) -> EngineMissing:
    """Return the error that says that a bind has no engine."""
    if key is None:
        return EngineMissing(
            "The application has no default database.",
            hint="Set SQLALCHEMY_DATABASE_URI, or use init --multidb if it has only binds.",
        )
    return EngineMissing(
        f"The application has no database with the bind key {key!r}.",
        hint=f"Add {key!r} to SQLALCHEMY_BINDS.",
    )
