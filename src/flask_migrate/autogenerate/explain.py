"""Say why a comparison found nothing, as far as that can be told."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import registry

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
        tables: The tables of the database, the version table left out; of schemas that
            the models name, too.
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
        elsewhere: The tables of the models that the application does not use, by metadata.
        left_out_binds: Bind keys that were not compared, with the tables of their models.
    """
    for one in comparisons:
        missing = tuple(name for name in one.models if name not in one.tables)
        if not one.models:
            yield _no_models(one)
        elif missing:
            yield _left_out(one, missing)
        elif not one.applied:
            yield _made_elsewhere(one)
    yield from map(_never_imported, unimported[:_SHOWN])
    present = {name for one in comparisons for name in one.tables}
    lost = [tables for tables in elsewhere if not present.issuperset(tables)]
    yield from map(_other_metadata, lost[:_SHOWN])
    for key, tables in left_out_binds:
        yield Problem(
            code="bind-not-compared",
            message=f"The {_models(tables)} to the bind {key!r}, and this migrations directory "
            "is for the default database only.",
            hint="Several databases need another template: flask db init --multidb -d <new>",
        )


def other_metadata(own: Iterable[MetaData]) -> tuple[tuple[str, ...], ...]:
    """Return the tables of each metadata that has models and that the application does not use.

    Models are looked for, not metadata: Alembic makes metadata of its own all the time.
    """
    registries = [thing for thing in gc.get_objects() if issubclass(type(thing), registry)]
    metadatas = {
        id(table.metadata): table.metadata
        for one in registries
        for mapper in one.mappers
        for table in mapper.tables
    }
    known = {id(metadata) for metadata in own}
    gc.collect()  # what an application that is gone has left behind is nobody's
    return tuple(
        tuple(sorted(metadata.tables)) for key, metadata in metadatas.items() if key not in known
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


def _left_out(one: Compared, missing: Sequence[str]) -> Problem:
    return Problem(
        code="models-left-out",
        message=f"The database {one.url} lacks {_listed(missing)} of the models, and "
        "include_object or include_name of the application leaves them out.",
        hint="Let them through in env.py, or in what Migrate() is given.",
    )


def _made_elsewhere(one: Compared) -> Problem:
    return Problem(
        code="tables-exist",
        message=f"Every table of the models, {_listed(one.models)}, is in {one.url} already, and "
        "no migration made it: db.create_all() probably did.",
        hint="Remove db.create_all(). Where the data is not needed, drop the tables and run "
        "again; where it is, generate the revision against an empty database and stamp this one: "
        "flask db stamp head",
    )


def _never_imported(found: UnimportedModels) -> Problem:
    return Problem(
        code="models-not-imported",
        message=f"{found.path} defines {_listed(found.classes)} and was never imported.",
        hint=f"Import it where the application is made: import {found.module}",
    )


def _other_metadata(tables: tuple[str, ...]) -> Problem:
    return Problem(
        code="other-metadata",
        message=f"Models are on another metadata, {_listed(tables)}: on that of a second "
        "SQLAlchemy() object, or of a declarative base of their own.",
        hint="Give Migrate the object that the models use: Migrate(app, db), or "
        "Migrate(app, db, metadata=Base.metadata).",
    )


def _models(tables: Sequence[str]) -> str:
    one = len(tables) == 1
    return f"{'model' if one else 'models'} {_listed(tables)} {'belongs' if one else 'belong'}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
