"""Let PostgreSQL say what it makes of models: in schemas that never come to be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError, NoReferenceError

from flask_migrate.database.scratch.judged import Judged, NoScratchPlace
from flask_migrate.database.scratch.postgresql_places import ScratchPlace, make_place, schemas_of
from flask_migrate.database.scratch.postgresql_runs import define_run, run_groups
from flask_migrate.database.scratch.postgresql_statements import grouped, statements_for
from flask_migrate.database.scratch.postgresql_words import Words
from flask_migrate.database.scratch.statements import Statement
from flask_migrate.database.snapshots.postgresql import default_schema, read_here
from flask_migrate.database.without_trace import without_trace
from flask_migrate.values.schema import Name, Snapshot


def read_models(
    connection: Connection, tables: Collection[Table], *, further: Iterable[Statement] = ()
) -> Judged:
    """Return what the server would make of models, in its own words.

    Nothing is left of it, no table of the user's is locked, and the connection is afterwards
    as it was, whether it is in a transaction or not.

    Args:
        connection: To a server from version 12 on.
        tables: The models. Their types, and the sequences of their metadata, are made too.
        further: What is to be made after them, views for example.

    Raises:
        NoScratchPlace: The server does not let us make schemas, or not so many tables.
    """
    whole, broken = _whole(tables)
    with without_trace(connection):
        place = _place(connection, whole)
        statements = [*statements_for(whole, place, connection.dialect), *further]
        words = Words(place, [one.owner for one in statements])
        failed = broken | _make(connection, place, statements, words)
        snapshot = _read(connection, place, words)
    return _judged(snapshot, {place.short(name): reason for name, reason in failed.items()})


def _whole(tables: Collection[Table]) -> tuple[list[Table], dict[Name, str]]:
    """Return the tables whose foreign keys lead somewhere, and why the others' do not."""
    whole, broken = [], {}
    for table in tables:
        try:
            [key.column for key in table.foreign_keys]
        except NoReferenceError as error:
            broken[Name(table.schema or "", table.name)] = str(error)
        else:
            whole.append(table)
    return whole, broken


def _place(connection: Connection, tables: Collection[Table]) -> ScratchPlace:
    schemas = schemas_of(connection, tables)
    try:
        place = make_place(connection, schemas, default=default_schema(connection))
        define_run(connection, place.home)
    except DBAPIError as error:
        raise NoScratchPlace(str(error.orig)) from error
    return place


def _make(
    connection: Connection, place: ScratchPlace, statements: Sequence[Statement], words: Words
) -> dict[Name, str]:
    """Run statements; return what could not be made, and why not."""
    problems = {one.owner: one.problem for one in statements if one.problem is not None}
    possible = [one for one in statements if one.owner not in problems]
    groups = list(grouped(possible, words, connection.dialect))
    try:
        said = run_groups(connection, place.home, groups)
    except DBAPIError as error:
        raise NoScratchPlace(str(error.orig)) from error
    return problems | {name: words.in_message(reason) for name, reason in said.items()}


def _read(connection: Connection, place: ScratchPlace, words: Words) -> Snapshot:
    return read_here(
        connection,
        [one.name for one in place.stand_ins if one.schema in words.schemas],
        path=[place.names[None], place.default],
        translate=words.in_text,
    )


def _judged(snapshot: Snapshot, failed: Mapping[Name, str]) -> Judged:
    made = replace(
        snapshot,
        tables={name: one for name, one in snapshot.tables.items() if name not in failed},
        enums={name: one for name, one in snapshot.enums.items() if name not in failed},
        sequences={name: one for name, one in snapshot.sequences.items() if name not in failed},
    )
    return Judged(snapshot=made, failed=failed)
