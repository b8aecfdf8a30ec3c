"""What a server makes of models: told from its catalog where that is certain, else tried."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Dialect, Table

from flask_migrate._sqlalchemy import sequences_of
from flask_migrate.database.descriptions.describe import Described, describe
from flask_migrate.database.scratch.judged import Judged
from flask_migrate.database.snapshots.read import read_models
from flask_migrate.values.schema import Name, Snapshot

if TYPE_CHECKING:
    from flask_migrate.declarations.events import Declared


def judge(
    connection: Connection,
    tables: Mapping[Name, Table],
    found: Snapshot,
    *,
    code: "Collection[Declared]" = (),
    directory: Path,
) -> Judged:
    """Return what the server makes of models.

    It is asked only about those that differ from what it has, as far as that can be told, and
    about those that their code speaks of.

    Args:
        connection: The database.
        tables: The models.
        found: What the database has.
        code: The views, functions and triggers of the models.
        directory: In whose cache it is remembered what a server has said; absolute.

    Raises:
        NoScratchPlace: The server has to be asked, and has no place for it.
    """
    settled = _described(tables, found, connection.dialect)
    if _is_all(settled, tables, code, connection.dialect):
        return Judged(snapshot=settled, failed={})
    # What tries models is loaded where some may have to be tried.
    from flask_migrate.database.scratch.answers import Answers  # noqa: PLC0415
    from flask_migrate.database.scratch.needed import mentioned, needed_by  # noqa: PLC0415

    answers = Answers(connection, directory)
    settled = _together(settled, answers.confirmed(_others(tables, settled), found))
    if _is_all(settled, tables, code, connection.dialect):
        return Judged(snapshot=settled, failed={})
    doubtful = _others(tables, settled)
    asked = [
        *doubtful.values(),
        *_with_sequences(tables, settled, connection.dialect),
        *mentioned(tables.values(), code),
    ]
    asked += needed_by(asked, tables.values(), dialect=connection.dialect)
    judged = read_models(connection, tuple(dict.fromkeys(asked)), code=code)
    answers.learn(doubtful, judged.snapshot)
    return replace(judged, snapshot=_together(judged.snapshot, settled))


def _described(tables: Mapping[Name, Table], found: Snapshot, dialect: Dialect) -> Snapshot:
    """Return the tables of a database that are as the models say, and their types."""
    described = describe(tables.values(), dialect)
    settled = [name for name in tables if _is_settled(name, described, found)]
    enums = {enum.name for name in settled for enum in described.enums_of.get(name, ())}
    return found.part(settled, enums)


def _is_settled(name: Name, described: Described, found: Snapshot) -> bool:
    table = described.tables.get(name)
    if table is None or table != found.tables.get(name):
        return False
    return all(enum == found.enums.get(enum.name) for enum in described.enums_of.get(name, ()))


def _is_all(
    settled: Snapshot,
    tables: Mapping[Name, Table],
    code: "Collection[Declared]",
    dialect: Dialect,
) -> bool:
    """Return whether what is settled is all that there is to know of some models."""
    left = [*code, *_others(tables, settled), *_with_sequences(tables, settled, dialect)]
    return bool(tables) and not left


def _others(tables: Mapping[Name, Table], settled: Snapshot) -> dict[Name, Table]:
    return {name: table for name, table in tables.items() if name not in settled.tables}


def _with_sequences(
    tables: Mapping[Name, Table], settled: Snapshot, dialect: Dialect
) -> Iterator[Table]:
    """Yield a table of each metadata that has sequences, for they are made along with one."""
    every = tables.values() if dialect.supports_sequences else ()
    for metadata in {id(one.metadata): one.metadata for one in every}.values():
        if any(not one.optional for one in sequences_of(metadata)):
            yield from [
                one
                for name, one in tables.items()
                if one.metadata is metadata and name in settled.tables
            ][:1]


def _together(one: Snapshot, other: Snapshot) -> Snapshot:
    """Return one snapshot with the tables and types of another."""
    return replace(
        one,
        schemas=one.schemas | other.schemas,
        tables={**one.tables, **other.tables},
        enums={**one.enums, **other.enums},
        domains={**one.domains, **other.domains},
    )
