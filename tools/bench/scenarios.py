"""What is measured. More is added here."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tools.bench import applications
from tools.bench.applications import Application
from tools.bench.databases import MARIADB, POSTGRESQL, SQLITE, Database
from tools.bench.running import run

GODWIT, PEER, FLOOR, RAW = "Godwit", "Flask-Migrate", "floor", "raw"
ALONE = "revisions alone"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Where a side has its files and its database.

    Attributes:
        path: A directory.
        python: The interpreter.
        database: The database.
    """

    path: Path
    python: str
    database: Database

    def flask(self, *arguments: str) -> None:
        """Run a command of the application."""
        run([self.python, "-m", "flask", "--app", "app", *arguments], self.path)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Something to measure.

    Attributes:
        name: What is done, for a person.
        kind: On which kind of database.
        prepare: Makes what is needed. The floor and the raw run use that of Godwit.
        arguments: What is given to Python, by the name of the side.
        reset: Makes all of it what it was before a run.
        is_long: Whether a run takes so long that a few must do.
    """

    name: str
    kind: str = SQLITE
    prepare: Callable[[Installation], None]
    arguments: Mapping[str, Sequence[str]]
    reset: Callable[[Installation], None] = field(default=lambda _: None)
    is_long: bool = False


def scenarios() -> Iterator[Scenario]:
    """Yield everything that is measured."""
    yield Scenario(
        name="import and start of an application",
        prepare=partial(_application, Application()),
        arguments={
            GODWIT: ["-c", "import app"],
            PEER: ["-c", "import app"],
            FLOOR: ["-c", "import bare"],
        },
    )
    for revisions, commands in _HISTORIES.items():
        for command in commands:
            yield _on_history(command, revisions)
    yield _cold(5000)
    for kind, revisions in _UPGRADES:
        yield _upgrade(kind, revisions)
    for kind in (SQLITE, POSTGRESQL, MARIADB):
        for tables in (10, 100, 1000, 3000):
            yield _check(kind, Application(tables=tables))
    for kind in (SQLITE, POSTGRESQL, MARIADB):
        yield _check(kind, Application(tables=200, has_checks=True))
        yield _check(kind, Application(tables=200, has_checks=True), remembers=False)
    yield _check(POSTGRESQL, Application(tables=100, schemas=("a", "b", "c", "d", "e")))
    for kind in (SQLITE, POSTGRESQL, MARIADB):
        yield _migrate(kind, Application(tables=1000, changed=10))
    for what, (operation, native) in _ON_A_MILLION.items():
        yield _million(what, operation, native)


_HISTORIES = {
    1: ("current",),
    10: ("current", "upgrade"),
    100: ("--help", "heads", "history", "show", "current"),
    1000: ("current",),
    5000: ("heads", "history", "current", "upgrade"),
}
_UPGRADES = (
    (SQLITE, 100),
    (SQLITE, 1000),
    (SQLITE, 5000),
    (POSTGRESQL, 1000),
    (MARIADB, 100),
)
_ON_A_MILLION = {
    "a column renamed": (
        'batch_op.alter_column("name", new_column_name="title")',
        "ALTER TABLE big RENAME COLUMN name TO title",
    ),
    "a column with a text default added": (
        """batch_op.add_column(sa.Column("state", sa.Text(), server_default=sa.text("'new'")))""",
        "ALTER TABLE big ADD COLUMN state TEXT DEFAULT 'new'",
    ),
    "a column dropped": (
        'batch_op.drop_column("note")',
        "ALTER TABLE big DROP COLUMN note",
    ),
}
# Everything that a comparison has to know, in a few statements.
_CATALOG = {
    SQLITE: """
SELECT * FROM sqlite_master
SELECT m.name, c.* FROM sqlite_master m, pragma_table_xinfo(m.name) c
SELECT m.name, k.* FROM sqlite_master m, pragma_foreign_key_list(m.name) k
SELECT m.name, i.*, c.* FROM sqlite_master m, \
pragma_index_list(m.name) i, pragma_index_xinfo(i.name) c
""",
    POSTGRESQL: """
SELECT *, pg_get_expr(adbin, adrelid) FROM pg_attribute \
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid > 16383 AND attnum > 0
SELECT *, pg_get_constraintdef(oid) FROM pg_constraint
SELECT *, pg_get_indexdef(indexrelid) FROM pg_index WHERE indexrelid > 16383
""",
    MARIADB: """
SELECT * FROM information_schema.columns WHERE table_schema = database()
SELECT * FROM information_schema.statistics WHERE table_schema = database()
SELECT * FROM information_schema.key_column_usage WHERE table_schema = database()
""",
}


def _application(application: Application, there: Installation) -> None:
    application.write(there.path, there.database)


def _on_history(command: str, revisions: int) -> Scenario:
    """Return a command on a database that has all revisions."""
    nothing = ", nothing to do" if command == "upgrade" else ""
    return Scenario(
        name=f"flask db {command}, {_number(revisions, 'revision')}{nothing}",
        prepare=partial(_history, revisions, is_applied=True),
        arguments=_commands(command),
    )


def _cold(revisions: int) -> Scenario:
    """Return a command that finds no index of the history."""

    def forget(there: Installation) -> None:
        shutil.rmtree(there.path / "migrations" / "versions" / "__pycache__", ignore_errors=True)

    return Scenario(
        name=f"flask db heads, {_number(revisions, 'revision')}, nothing remembered",
        prepare=partial(_history, revisions, is_applied=True),
        arguments=_commands("heads"),
        reset=forget,
    )


def _upgrade(kind: str, revisions: int) -> Scenario:
    """Return an upgrade of an empty database."""

    def prepare(there: Installation) -> None:
        _history(revisions, there)
        applications.write_raw_history(there.path, there.database, revisions)

    return Scenario(
        name=f"flask db upgrade, {_number(revisions, 'revision')} on an empty {kind} database",
        kind=kind,
        prepare=prepare,
        arguments={
            **_commands("upgrade"),
            ALONE: ["-m", "flask", "--app", "bare", "alone"],
            RAW: ["-m", "flask", "--app", "bare", "raw"],
        },
        reset=lambda there: there.database.empty(),
        is_long=revisions > _MANY,
    )


_MANY = 1000


def _check(kind: str, application: Application, *, remembers: bool = True) -> Scenario:
    """Return a comparison of models and a database that are the same."""

    def prepare(there: Installation) -> None:
        _tables(application, there)
        if remembers and application.has_checks:
            there.flask("db", "check")

    def forget(there: Installation) -> None:
        shutil.rmtree(there.path / "migrations" / "__pycache__", ignore_errors=True)

    tables = _number(application.tables, "table")
    if any(application.schemas):
        tables = f"{len(application.schemas)} schemas of {tables}"
    if application.has_checks:
        tables = f"{tables} with a CHECK each"
    return Scenario(
        name=f"flask db check, {tables} on {kind}, no change"
        f"{'' if remembers else ', nothing remembered'}",
        kind=kind,
        prepare=prepare,
        arguments=_commands("check") | {RAW: ["-m", "flask", "--app", "bare", "raw"]},
        reset=(lambda _: None) if remembers else forget,
        is_long=application.tables > _MANY,
    )


def _migrate(kind: str, application: Application) -> Scenario:
    """Return a revision for models of which a few have changed."""

    def forget(there: Installation) -> None:
        for path in (there.path / "migrations" / "versions").glob("*.py"):
            path.unlink()

    tables = _number(application.tables, "table")
    return Scenario(
        name=f"flask db migrate, {application.changed} of {tables} changed, on {kind}",
        kind=kind,
        prepare=partial(_tables, application),
        arguments=_commands("migrate"),
        reset=forget,
    )


def _million(what: str, operation: str, native: str) -> Scenario:
    """Return a change of a SQLite table with a million rows."""

    def prepare(there: Installation) -> None:
        Application().write(there.path, there.database)
        applications.init(there.path, there.python)
        table = """
op.create_table(
    "big",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(length=80), nullable=True),
    sa.Column("note", sa.String(length=80), nullable=True),
    sa.PrimaryKeyConstraint("id"),
)
"""
        applications.write_revision(there.path, 0, table)
        there.flask("db", "upgrade")
        with closing(sqlite3.connect(there.database.file)) as connection:
            connection.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) "
                "INSERT INTO big SELECT i, 'name ' || i, 'note ' || i FROM n"
            )
            connection.commit()
        shutil.copyfile(there.database.file, _kept(there))
        body = f'with op.batch_alter_table("big", schema=None) as batch_op:\n    {operation}'
        applications.write_revision(there.path, 1, body)
        applications.write_raw(there.path, [native])

    return Scenario(
        name=f"flask db upgrade, 1 million rows on SQLite, {what}",
        prepare=prepare,
        arguments=_commands("upgrade") | {RAW: ["-m", "flask", "--app", "bare", "raw"]},
        reset=lambda there: shutil.copyfile(_kept(there), there.database.file) and None,
    )


def _kept(there: Installation) -> Path:
    return there.path / "kept.db"


def _history(revisions: int, there: Installation, *, is_applied: bool = False) -> None:
    Application().write(there.path, there.database)
    applications.init(there.path, there.python)
    applications.write_history(there.path, revisions)
    if is_applied:
        there.flask("db", "stamp")


def _tables(application: Application, there: Installation) -> None:
    application.write(there.path, there.database)
    applications.init(there.path, there.python)
    applications.create_all(there.path, there.python, application.schemas)
    applications.write_raw(there.path, _CATALOG[there.database.kind].strip().splitlines())


def _commands(command: str) -> dict[str, Sequence[str]]:
    ours = ["-m", "flask", "--app", "app", "db", command]
    return {GODWIT: ours, PEER: ours, FLOOR: ["-m", "flask", "--app", "bare", "floor"]}


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
