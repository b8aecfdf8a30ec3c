"""Let PostgreSQL say what it makes of models: in schemas that never come to be."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import reduce

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from flask_migrate.database.scratch.judged import Judged, NoScratchPlace
from flask_migrate.database.scratch.needed import mentioned
from flask_migrate.database.scratch.parents import with_parents
from flask_migrate.database.scratch.postgresql_code import is_first, with_code
from flask_migrate.database.scratch.postgresql_parts import name_of, outlines, parts
from flask_migrate.database.scratch.postgresql_places import ScratchPlace, make_place, schemas_of
from flask_migrate.database.scratch.postgresql_runs import define_run, run_groups
from flask_migrate.database.scratch.postgresql_statements import grouped, statements_for
from flask_migrate.database.scratch.postgresql_words import Words
from flask_migrate.database.scratch.statements import Statement
from flask_migrate.database.snapshots.postgresql import default_schema, read_here
from flask_migrate.database.without_trace import without_trace
from flask_migrate.values.schema import Name, Snapshot

# What is made holds about ten locks a table until it is taken back, of some thousand that a
# server has for all of its sessions.
_PART = 200


def read_models(
    connection: Connection, tables: Collection[Table], *, further: Iterable[Statement] = ()
) -> Judged:
    """Return what the server would make of models, in its own words.

    Nothing is left of it, no table of the user's is locked, and the connection is afterwards
    as it was, whether it is in a transaction or not.

    Args:
        connection: To a server from version 12 on.
        tables: The models. Their types, and the sequences of their metadata, are made too;
            of other tables that they refer to, as much as the foreign keys need.
        further: What is to be made after them, views for example.

    Raises:
        NoScratchPlace: The server does not let us make schemas, or not so many tables.
    """
    whole, broken = with_parents(tables)
    code = list(further)
    if len(whole) <= _PART or not code:
        judged = [_judge(connection, part, code) for part in parts(whole, size=_PART)]
    else:
        early = [one for one in code if is_first(one)]
        several = [_judge(connection, part, early) for part in parts(whole, size=_PART)]
        declared = [one.code for one in code if one.code is not None]
        spoken_of, _ = with_parents(mentioned(whole, declared))
        judged = [*map(_without_code, several), _only_code(_judge(connection, spoken_of, code))]
    nothing = Snapshot(schemas=frozenset())
    return reduce(_together, judged, Judged(snapshot=nothing, failed=broken))


def _judge(
    connection: Connection, tables: Collection[Table], further: Collection[Statement]
) -> Judged:
    others = outlines(tables)
    with without_trace(connection):
        place = _place(connection, [*others, *tables], further)
        made = statements_for(tables, others, place, connection.dialect)
        dialect = connection.dialect
        statements = with_code(made, further, tables, place=place, dialect=dialect)
        words = Words(place, [one.code.name if one.code else one.owner for one in statements])
        failed = _make(connection, place, statements, words)
        snapshot = _read(connection, place, words)
    left_out = {place.short(name_of(one)) for one in others}
    reasons = {place.short(name): reason for name, reason in failed.items()}
    return Judged(
        snapshot=_without(snapshot, left_out | reasons.keys()),
        failed={name: reason for name, reason in reasons.items() if name not in left_out},
    )


def _place(
    connection: Connection, tables: Collection[Table], further: Iterable[Statement]
) -> ScratchPlace:
    of_code = {one.code.name.schema or None for one in further if one.code}
    schemas = schemas_of(connection, tables) | of_code
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


def _without(snapshot: Snapshot, names: Collection[Name]) -> Snapshot:
    return replace(
        snapshot,
        tables={name: one for name, one in snapshot.tables.items() if name not in names},
        enums={name: one for name, one in snapshot.enums.items() if name not in names},
        domains={name: one for name, one in snapshot.domains.items() if name not in names},
        sequences={name: one for name, one in snapshot.sequences.items() if name not in names},
    )


def _without_code(judged: Judged) -> Judged:
    return replace(judged, snapshot=replace(judged.snapshot, code=()))


def _only_code(judged: Judged) -> Judged:
    return replace(judged, snapshot=Snapshot(schemas=frozenset(), code=judged.snapshot.code))


def _together(one: Judged, other: Judged) -> Judged:
    snapshot = Snapshot(
        schemas=one.snapshot.schemas | other.snapshot.schemas,
        tables=one.snapshot.tables | other.snapshot.tables,
        enums=one.snapshot.enums | other.snapshot.enums,
        domains=one.snapshot.domains | other.snapshot.domains,
        sequences=one.snapshot.sequences | other.snapshot.sequences,
        code=one.snapshot.code + other.snapshot.code,
    )
    return Judged(snapshot=snapshot, failed={**one.failed, **other.failed})
