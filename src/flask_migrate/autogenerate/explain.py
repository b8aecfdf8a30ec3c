"""Say why a comparison found nothing, as far as that can be told."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData

from flask_migrate.autogenerate.unimported import UnimportedModels
from flask_migrate.values.revision import Problem

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One comparison that found nothing.

    Attributes:
        target: The database: its bind key, or "default".
        url: Where it is, the password hidden.
        models: The tables of the models.
        tables: The tables of the database, the version table left out.
        applied: The revisions that the database has.
    """

    target: str
    url: str
    models: tuple[str, ...]
    tables: tuple[str, ...]
    applied: tuple[str, ...]


def explain_nothing(
    comparisons: Sequence[Compared],
    *,
    unimported: Sequence[UnimportedModels],
    elsewhere: Sequence[tuple[str, ...]],
    left_out_binds: Sequence[tuple[str, tuple[str, ...]]],
) -> Iterator[Problem]:
    """Yield each reason why there may be nothing to do.

    Args:
        comparisons: What was compared.
        unimported: Files with models that were never imported.
        elsewhere: The tables of each metadata that the application does not use.
        left_out_binds: Bind keys that were not compared, with the tables of their models.
    """
    for one in comparisons:
        if not one.models:
            yield _no_models(one)
        elif not one.applied and set(one.models) <= set(one.tables):
            yield _made_elsewhere(one)
    if any(not one.models for one in comparisons):
        yield from map(_never_imported, unimported[:_SHOWN])
        yield from map(_other_metadata, elsewhere[:_SHOWN])
    for key, tables in left_out_binds:
        yield Problem(
            code="bind-not-compared",
            message=f"The models {_listed(tables)} belong to the bind {key!r}, and this "
            "migrations directory is for the default database only.",
            hint="Several databases need another template: flask db init --multidb -d <new>",
        )


def other_metadata(own: Iterable[MetaData]) -> tuple[tuple[str, ...], ...]:
    """Return the tables of each metadata in this process that the application does not use."""
    known = {id(metadata) for metadata in own}
    return tuple(
        tuple(sorted(metadata.tables))
        for metadata in gc.get_objects()
        if type(metadata) is MetaData and metadata.tables and id(metadata) not in known
    )


def left_out_binds(database: Any, compared: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each bind key with models that was not compared, with their tables."""
    names = set(compared)
    for key, metadata in (getattr(database, "metadatas", None) or {}).items():
        if key is not None and key not in names and metadata.tables:
            yield str(key), tuple(sorted(metadata.tables))


def _no_models(one: Compared) -> Problem:
    place = "" if one.target == "default" else f" for the bind {one.target!r}"
    return Problem(
        code="no-models",
        message=f"No model is registered on the metadata of the application{place}.",
        hint="Import the modules that define the models before the command runs, for example in "
        "the application factory.",
    )


def _made_elsewhere(one: Compared) -> Problem:
    return Problem(
        code="tables-exist",
        message=f"All {len(one.models)} tables of the models are in {one.url} already, and no "
        "migration made them: db.create_all() probably did.",
        hint="Remove db.create_all(). Where the data is not needed, drop the tables and run "
        "again; where it is, generate the revision against an empty database and stamp this one: "
        "flask db stamp head",
    )


def _never_imported(found: UnimportedModels) -> Problem:
    return Problem(
        code="models-not-imported",
        message=f"{found.path} defines {_listed(found.classes)} and was never imported.",
        hint=f"Import it where the application is made: {Path(found.path).stem}.",
    )


def _other_metadata(tables: tuple[str, ...]) -> Problem:
    return Problem(
        code="other-metadata",
        message=f"The models {_listed(tables)} are on another metadata: a second SQLAlchemy() "
        "object, or a declarative base of their own.",
        hint="Give Migrate the object that the models use: Migrate(app, db), or "
        "Migrate(app, db, metadata=Base.metadata).",
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
