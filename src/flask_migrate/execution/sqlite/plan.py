"""Decide how a SQLite table gets what a batch asks for. Nothing in the database is changed.

First by SQLite's own ALTER TABLE, which copies nothing; whether its version can do it is tried
on an empty copy. Otherwise by building the table anew, also tried there, so that whatever
would break is known before the real table is touched.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from flask_migrate.database.sqlite.catalog import Catalog, listens_to
from flask_migrate.database.sqlite.ddl import Kind, Table
from flask_migrate.database.sqlite.edit import (
    PartInUse,
    PartMissing,
    find_column,
    get_column,
    order_columns,
)
from flask_migrate.database.sqlite.parse import parse_table
from flask_migrate.database.sqlite.reader import UnreadableDDL
from flask_migrate.database.sqlite.tokens import same
from flask_migrate.errors import RebuildRefused, UnknownPart
from flask_migrate.execution.sqlite.apply import NameOf, apply, apply_option
from flask_migrate.execution.sqlite.changes import (
    Change,
    ChangeColumn,
    CreateIndex,
    DropColumn,
    DropIndex,
    RenameTable,
    Wanted,
)
from flask_migrate.execution.sqlite.conventions import Convention, names_by
from flask_migrate.execution.sqlite.goal import Goal
from flask_migrate.execution.sqlite.native import native_statements, twin_statements
from flask_migrate.execution.sqlite.readings import NewType
from flask_migrate.execution.sqlite.rebuild import in_words_of, rebuild_statements
from flask_migrate.execution.sqlite.resolve import Resolved, rename_statements, resolve
from flask_migrate.execution.sqlite.scratch import Refused, Scratch, scratch


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be done.

    Attributes:
        table: The name of the table.
        schema: Where it is.
        statements: What to run, in order.
        rebuilds: Whether the rows are copied.
        types: The columns that get another type: their values are looked at first.
        before: The table as it is.
        after: The table as it will be.
        resolved: Which columns get another name.
    """

    table: str
    schema: str
    statements: tuple[str, ...]
    rebuilds: bool
    types: tuple[NewType, ...]
    before: Table
    after: Table
    resolved: Resolved


def make_plan(
    wanted: Wanted,
    catalog: Catalog,
    *,
    conventions: Sequence[Convention] = (),
    module: ModuleType = sqlite3,
) -> Plan:
    """Decide how a table gets what a batch asks for.

    Args:
        wanted: What the batch asks for.
        catalog: What there is.
        conventions: How constraints without a name are called.
        module: The driver, which brings its own SQLite.

    Raises:
        UnknownPart: There is no such column, constraint or index.
        RebuildRefused: It cannot be done without losing something.
    """
    before = _read(wanted.table, catalog)
    with _explained(wanted.table):
        resolved = resolve(before, wanted.changes)
    _refuse_what_others_use(wanted.table, catalog, resolved)
    _refuse_unknown_index(wanted, catalog)
    with scratch(catalog, wanted.table, module=module) as copy:
        broken = copy.broken()
        first = rename_statements(before.name, catalog.schema, resolved.first)
        _try(copy, first, wanted.table)
        base = parse_table(copy.sql_of("table", before.name) or "")
        name_of = names_by(conventions, originals=resolved.originals, before=before, base=base)
        goal = _find_goal(wanted, catalog, base, resolved, name_of)
        statements = _native(goal, copy, module)
        rebuilds = statements is None
        if statements is None:
            statements = rebuild_statements(goal, copy)
        _try(copy, statements, wanted.table)
        _refuse_broken(copy, wanted.table, broken)
    return Plan(
        table=wanted.table,
        schema=catalog.schema,
        statements=(*first, *statements),
        rebuilds=rebuilds,
        types=tuple(_new_types(goal, before)),
        before=before,
        after=goal.target,
        resolved=resolved,
    )


def _read(name: str, catalog: Catalog) -> Table:
    entry = catalog.find("table", name)
    if entry is None:
        raise UnknownPart(f"No such table: {name!r}")
    if entry.is_virtual or catalog.is_shadow(name):
        raise RebuildRefused(
            name,
            "it is a virtual table, or belongs to one, and only its module can change it",
            hint="Create it anew with op.execute().",
        )
    try:
        return parse_table(entry.sql or "")
    except UnreadableDDL as error:
        raise RebuildRefused(name, f"its CREATE TABLE statement is not understood: {error}") from (
            error
        )


@contextmanager
def _explained(table: str) -> Iterator[None]:
    """Turn what a change of the text found into an error of ours."""
    try:
        yield
    except PartMissing as error:
        raise UnknownPart(f"{error.args[0]} in the table {table!r}.") from error
    except PartInUse as error:
        raise RebuildRefused(table, str(error)) from error


def _find_goal(
    wanted: Wanted, catalog: Catalog, base: Table, resolved: Resolved, name_of: NameOf
) -> Goal:
    """Apply every change, and leave out those that change nothing."""
    needed: list[Change] = []
    target = base
    for change in resolved.changes:
        with _explained_for(wanted.table, change):
            changed = apply(target, change, name_of=name_of)
        if changed.text != target.text:
            needed.append(change)
        target = changed
    with _explained(wanted.table):
        shaped = order_columns(target, wanted.order) if wanted.order else target
        for option, is_wanted in wanted.options.items():
            shaped = apply_option(shaped, option, wanted=is_wanted)
    _refuse_lost_self_reference(base, shaped)
    changes = resolved.changes
    return Goal(
        catalog=catalog,
        base=base,
        target=shaped,
        needed=tuple(needed),
        is_reshaped=wanted.always or shaped.text != target.text,
        last=resolved.last,
        created=tuple(one.sql for one in changes if isinstance(one, CreateIndex)),
        dropped=tuple(one.name for one in changes if isinstance(one, DropIndex)),
        new_name=next((one.new_name for one in changes if isinstance(one, RenameTable)), None),
    )


@contextmanager
def _explained_for(table: str, change: Change) -> Iterator[None]:
    try:
        with _explained(table):
            yield
    except RebuildRefused as error:
        if not isinstance(change, DropColumn):
            raise
        reason = f"the column {change.name!r} cannot be dropped: {error.__cause__}"
        hint = "Drop or change what needs it in the same batch, before the column."
        raise RebuildRefused(table, reason, hint=hint) from error


def _native(goal: Goal, copy: Scratch, module: ModuleType) -> tuple[str, ...] | None:
    statements = native_statements(goal, copy, module.sqlite_version_info)
    if statements is None or not copy.works((*twin_statements(goal), *statements)):
        return None
    return statements


def _try(copy: Scratch, statements: Iterable[str], table: str) -> None:
    try:
        for sql in statements:
            copy.run(sql)
    except Refused as error:
        said = in_words_of(table, str(error))
        hint = None
        if said.startswith("error in "):
            hint = "Mend or drop it first, or drop it before and create it after: op.execute()."
        raise RebuildRefused(table, f"SQLite would refuse it: {said}", hint=hint) from error


def _refuse_broken(copy: Scratch, table: str, before: Iterable[str]) -> None:
    known = set(before)
    for name, said in copy.broken().items():
        if name not in known:
            raise RebuildRefused(
                table,
                f"{name!r} would not work any more: {said}",
                hint="Drop it before with op.execute(), and create it after as it is to be.",
            )


def _refuse_unknown_index(wanted: Wanted, catalog: Catalog) -> None:
    for change in wanted.changes:
        if isinstance(change, DropIndex) and not change.if_exists:
            created = any(isinstance(one, CreateIndex) for one in wanted.changes)
            if catalog.find("index", change.name) is None and not created:
                raise UnknownPart(f"No such index: {change.name!r}")


def _refuse_what_others_use(table: str, catalog: Catalog, resolved: Resolved) -> None:
    """Refuse to drop a column that a foreign key or a trigger names: SQLite does not look."""
    for change in resolved.changes:
        if not isinstance(change, DropColumn):
            continue
        name = resolved.original(change.name)
        for reference in catalog.references:
            is_other = not same(reference.table, table)
            if is_other and any(same(column, name) for column in reference.columns):
                raise RebuildRefused(
                    table,
                    f"a foreign key of {reference.table!r} refers to the column {name!r}",
                    hint="Drop that foreign key first.",
                )
        for trigger in catalog.of_table("trigger", table):
            if listens_to(trigger.sql or "", name):
                raise RebuildRefused(
                    table,
                    f"the trigger {trigger.name!r} is for updates of the column {name!r}",
                    hint="Drop it before with op.execute(), and create it after as it is to be.",
                )


def _refuse_lost_self_reference(base: Table, target: Table) -> None:
    for found in target.found(Kind.FOREIGN_KEY):
        clause = found.clause
        if not same(clause.refers_to or "", target.name):
            continue
        for column in clause.refers_columns:
            if find_column(base, column) and not find_column(target, column):
                raise RebuildRefused(
                    target.name,
                    f"a foreign key of its own refers to the column {column!r}: {clause.body}",
                    hint="Drop that foreign key in the same batch.",
                )


def _new_types(goal: Goal, before: Table) -> Iterator[NewType]:
    for change in goal.needed:
        if not isinstance(change, ChangeColumn) or change.declared is None:
            continue
        column = find_column(goal.base, change.name)
        if column is None or get_column(goal.target, change.name).clause(Kind.GENERATED):
            continue
        position = goal.base.columns.index(column)
        yield NewType(
            column=before.columns[position].name,
            old=column.declared_type,
            new=change.declared,
            reading=change.reading,
            is_strict=goal.target.is_strict,
        )
