"""What a server makes of models: told from its catalog where that is certain, else tried."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table

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
) -> Judged:
    """Return what the server makes of models.

    It is asked only about those that differ from what it has, as far as that can be told.

    Args:
        connection: The database.
        tables: The models.
        found: What the database has.
        code: The views, functions and triggers of the models; they need the tables.

    Raises:
        NoScratchPlace: The server has to be asked, and has no place for it.
    """
    described = describe(tables.values(), connection.dialect)
    settled = {name for name in tables if _is_settled(name, described, found)}
    known = _of(settled, described, found)
    doubtful = [table for name, table in tables.items() if code or name not in settled]
    has_sequences = connection.dialect.supports_sequences
    more = list(_with_sequences(tables, settled)) if has_sequences else []
    if tables and not (doubtful or more or code):
        return Judged(snapshot=known, failed={})
    # What tries models is loaded where some are tried.
    from flask_migrate.database.scratch.needed import needed_by  # noqa: PLC0415

    more += needed_by([*doubtful, *more], tables.values(), dialect=connection.dialect)
    judged = read_models(connection, tuple(dict.fromkeys([*doubtful, *more])), code=code)
    return replace(judged, snapshot=_together(known, judged.snapshot))


def _is_settled(name: Name, described: Described, found: Snapshot) -> bool:
    """Return whether a table is as the models say, and so are the enums that it has."""
    table = described.tables.get(name)
    if table is None or table != found.tables.get(name):
        return False
    return all(enum == found.enums.get(enum.name) for enum in described.enums_of.get(name, ()))


def _with_sequences(tables: Mapping[Name, Table], settled: set[Name]) -> Iterator[Table]:
    """Yield a table of each metadata that has sequences, for they are made along with one."""
    for metadata in {id(one.metadata): one.metadata for one in tables.values()}.values():
        if any(not one.optional for one in sequences_of(metadata)):
            yield from [
                one for name, one in tables.items() if one.metadata is metadata and name in settled
            ][:1]


def _of(settled: set[Name], described: Described, found: Snapshot) -> Snapshot:
    enums = {enum.name for name in settled for enum in described.enums_of.get(name, ())}
    return Snapshot(
        schemas=frozenset({"", *(name.schema for name in (*settled, *enums))}),
        tables={name: found.tables[name] for name in settled},
        enums={name: found.enums[name] for name in enums},
    )


def _together(settled: Snapshot, judged: Snapshot) -> Snapshot:
    return replace(
        judged,
        schemas=settled.schemas | judged.schemas,
        tables={**judged.tables, **settled.tables},
        enums={**judged.enums, **settled.enums},
    )
