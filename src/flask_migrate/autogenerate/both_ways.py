"""What makes a database equal to its models, and what takes that back, as operations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from flask_migrate.autogenerate.announce import announce
from flask_migrate.autogenerate.asked import Asked
from flask_migrate.autogenerate.code import CodeComparison
from flask_migrate.autogenerate.compare.code import key_of
from flask_migrate.autogenerate.compare.names import name_constraints
from flask_migrate.autogenerate.compare.schemas import compare_snapshots
from flask_migrate.autogenerate.differences import Difference, Differences
from flask_migrate.autogenerate.filters import Filters
from flask_migrate.autogenerate.made import Made
from flask_migrate.autogenerate.operations import without_remarks
from flask_migrate.autogenerate.others.ask import Others
from flask_migrate.autogenerate.others.join import joined
from flask_migrate.autogenerate.others.opinions import Opinions
from flask_migrate.autogenerate.others.presence import are_asked
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.write.pick import server_of, writer_of
from flask_migrate.autogenerate.write.script import Script
from flask_migrate.database.snapshots.read import read_code, read_tables
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Code, Kind, Name, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class BothWays:
    """What makes the database equal to the models, and what takes that back.

    Attributes:
        upgrade: The operations of one way.
        downgrade: Those of the other way.
        failed: The tables that the server could not be asked about, each with its reason.
        problems: What a person should know of views, functions and triggers.
    """

    upgrade: tuple[Any, ...]
    downgrade: tuple[Any, ...]
    failed: Mapping[Name, str]
    problems: tuple[Problem, ...]


def both_ways(
    context: AutogenContext, connection: Connection, asked: Asked, *, made: Made
) -> BothWays:
    """Return what settles the differences.

    Args:
        context: Alembic's view of the comparison.
        connection: The database.
        asked: What it has said.
        made: What the revisions have made besides tables.
    """
    code = CodeComparison(
        declared=asked.declared,
        judged=asked.judged,
        found=asked.found,
        schemas=asked.schemas,
        made=made,
    )
    script, opinions = _compare(context, connection, asked, code)
    upgrade, downgrade = joined(
        list(script.write()), without_remarks(script.reversed().write()), opinions
    )
    announce(upgrade)
    return BothWays(
        upgrade=upgrade,
        downgrade=downgrade,
        failed={n: why for n, why in asked.judged.failed.items() if n in asked.tables},
        problems=tuple(code.problems()),
    )


def _compare(
    context: AutogenContext, connection: Connection, asked: Asked, code: CodeComparison
) -> tuple[Script, Opinions]:
    """Return what is to be written, and what others add to it."""
    server = server_of(connection.dialect)
    wanted, named = name_constraints(asked.ours, asked.judged.snapshot)
    named = server.called_as_there(wanted, named)
    differences = compare_snapshots(wanted, named)
    there = server.prepared(differences, wanted, named)
    back = server.prepared(differences.reversed(), named, wanted)
    ask_others = are_asked(context)
    names = wanted.tables if ask_others else {*_names(there, wanted), *_names(back, wanted)}
    known = read_tables(connection, asked.ours, {*names})
    before = server.side(Side(snapshot=wanted, tables=known))
    after = server.side(Side(snapshot=named, tables=asked.tables))
    others = Others(context, database=before, models=after, server=server)
    opinions = others.opinions() if ask_others else Opinions()
    filters = Filters(context=context, database=before, models=after, opinions=opinions)
    filtered = filters.apply(server.settle(differences, before, after))
    left, after = code.added_to(filtered, after, is_same=server.is_same_code)
    return Script(
        differences=replace(left, schemas=tuple(_schemas(left, asked.found, after.snapshot))),
        before=_with_code(before, read_code(connection, _old(left))),
        after=after,
        server=server,
        writer=writer_of(connection.dialect),
    ), opinions


def _names(differences: Differences, database: Snapshot) -> Iterator[Name]:
    """Yield the tables that differ, and those that refer to them."""
    names = {one.name for one in differences.tables}
    yield from names
    for table in database.tables.values():
        if any(key.target in names for key in table.of_kind(Kind.FOREIGN_KEY)):
            yield table.name


def _old(differences: Differences) -> Iterator[Code]:
    """Yield the code that goes or changes, which the way back makes again."""
    return (one.before for one in differences.code if one.before is not None)


def _with_code(side: Side, code: Iterable[Code]) -> Side:
    """Return a side with another text for some of its code."""
    known = {key_of(one): one for one in code}
    every = tuple(known.get(key_of(one), one) for one in side.snapshot.code)
    return replace(side, snapshot=replace(side.snapshot, code=every))


def _schemas(
    differences: Differences, found: Snapshot, after: Snapshot
) -> Iterator[Difference[str]]:
    """Yield the schemas that come, and those whose last table goes."""
    gone = {one.name for one in differences.tables if one.after is None}
    for one in differences.schemas:
        there = {name for name in found.tables if name.schema == one.before}
        has_code = any(code.name.schema == one.before for code in after.code)
        if one.before is None or (there and there <= gone and not has_code):
            yield one
