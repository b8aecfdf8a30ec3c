"""What a server makes of models: told from its catalog where that is certain, else tried."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import Connection, Table

from flask_migrate._sqlalchemy import sequences_of
from flask_migrate.database.descriptions.describe import Described, describe
from flask_migrate.database.scratch.judged import Judged
from flask_migrate.database.scratch.parents import with_parents
from flask_migrate.database.scratch.postgresql_parts import parents_of
from flask_migrate.database.snapshots.read import read_models
from flask_migrate.declarations.events import Declared
from flask_migrate.values.schema import Name, Snapshot


def judge(
    connection: Connection,
    tables: Mapping[Name, Table],
    found: Snapshot,
    *,
    code: Collection[Declared] = (),
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
    if connection.dialect.name == "postgresql":
        doubtful += _parents(doubtful, tables.values())
    if connection.dialect.name in {"mysql", "mariadb"}:
        doubtful += _targets(doubtful)
    if connection.dialect.supports_sequences:
        doubtful += _with_sequences(tables, settled)
    if tables and not doubtful and not code:
        return Judged(snapshot=known, failed={})
    judged = read_models(connection, tuple(dict.fromkeys(doubtful)), code=code)
    return replace(judged, snapshot=_together(known, judged.snapshot))


def _is_settled(name: Name, described: Described, found: Snapshot) -> bool:
    """Return whether a table is as the models say, and so are the enums that it has."""
    table = described.tables.get(name)
    if table is None or table != found.tables.get(name):
        return False
    return all(enum == found.enums.get(enum.name) for enum in described.enums_of.get(name, ()))


def _parents(doubtful: Collection[Table], tables: Iterable[Table]) -> list[Table]:
    """Return the other tables that some inherit from: without them those cannot be made."""
    names = {name for table in doubtful for name in parents_of(table)}
    return [table for table in tables if table.name in names and table not in doubtful]


def _targets(doubtful: Collection[Table]) -> list[Table]:
    """Return the other tables that some refer to by keys that come by ALTER TABLE.

    MariaDB looks for what such a key refers to.
    """
    found = list(doubtful)
    for table in found:
        known, _ = with_parents([table])
        late = (key for one in known for key in one.foreign_key_constraints if key.use_alter)
        found += [key.referred_table for key in late if key.referred_table not in found]
    return found[len(doubtful) :]


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
