"""Makes a change on a database, and gives it its marks."""

import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from flask_migrate.errors import MigrateError, ModelsDiffer
from tests.changes.application import BASE, Application, directory_with_history, new_directory
from tests.changes.dumps import dump, first_difference
from tests.changes.marks import Result
from tests.changes.rows import insert_rows, lost, read_rows
from tests.changes.scripts import is_said, rules_broken

_NOT_FOR_THIS_DATABASE = (sa.exc.CompileError, sa.exc.DBAPIError)


class NoChange(AssertionError):
    """Two versions of models make the same database."""


class Judge:
    """Gives marks.

    Args:
        make_database: Makes an empty database of a dialect.
        directory: Where migrations directories are made.
        is_thorough: Whether a second `migrate` is run besides `check`, which compares in the
            same way, and does not look for the reasons of finding nothing.
    """

    def __init__(self, make_database, directory, *, is_thorough=False):
        self._make_database = make_database
        self._directory = Path(directory)
        self._is_thorough = is_thorough

    def judge(self, change, dialect, *, kind):
        """Return what becomes of a change on a database.

        Args:
            change: The change.
            dialect: The database.
            kind: The kind of change.
        """
        started = time.monotonic()
        result = Result(
            change=change.name,
            kind=kind,
            dialect=dialect,
            lacks=change.without.get(dialect),
            note=_note(change, dialect),
        )
        with engines() as connect:
            trial = _Trial(change, dialect, self._make_database, self._directory, connect)
            trial.is_thorough = self._is_thorough
            trial.run()
        return replace(
            result,
            failed=trial.failed,
            reached=tuple(trial.reached),
            script=trial.script,
            rules=rules_broken(trial.script) if trial.script else (),
            seconds=time.monotonic() - started,
        )


class _Failed(Exception):
    """A mark is not got."""


class _Trial:
    def __init__(self, change, dialect, make_database, directory, connect):
        self._change = change
        self._dialect = dialect
        self._make_database = make_database
        self._directory = directory
        self._connect = connect
        self.failed = {}
        self.reached = []
        self.script = ""
        self._models = {
            which: metadata_of(getattr(change, which), dialect) for which in ("before", "after")
        }

    def run(self):
        self._empty = self._copy_of_template()
        try:
            self._make_both()
        except _NOT_FOR_THIS_DATABASE as error:
            if self._dialect not in self._change.without:
                raise
            self._lacks = error
            return
        self._check_both()
        if self._dialect in self._change.without:
            self._get_nothing()
            return
        if self._old == self._new:
            raise NoChange
        self._migrate_and_back()

    # ------------------------------------------------------------ what there is

    def _copy_of_template(self):
        template = self._directory / "template"
        if not template.exists():
            new_directory(template, self._make_database("sqlite"))
        return template

    def _make_both(self):
        """Make a database of the old models and one of the new ones, by `create_all()`."""
        self._ours = self._make_database(self._dialect)
        self._fresh = self._make_database(self._dialect)
        self._create_all(self._ours, "before")
        self._create_all(self._fresh, "after")
        self._old = self._dump(self._ours, "before")
        self._new = self._dump(self._fresh, "after")

    def _create_all(self, database, which):
        create_all(self._connect, database, self._models[which])

    def _dump(self, database, which):
        return dump(database, self._models[which])

    # ------------------------------------------------------------ the marks

    def _check_both(self):
        with self._mark("quiet"):
            for which, database in (("before", self._ours), ("after", self._fresh)):
                self._check(Application(database, self._models[which], self._empty, **self._more))

    @property
    def _more(self):
        return self._change.options

    def _get_nothing(self):
        """See that the database has indeed no such thing, and that nothing is written."""
        with self._mark("lacks"):
            if self._old != self._new:
                raise _Failed(f"It has: {first_difference(self._old, self._new)}")
        with self._mark("silent"):
            self._stamp(self._ours)
            self._expect_nothing()

    def _migrate_and_back(self):
        refused = self._dialect in self._change.refused
        self._stamp(self._ours)
        with self._connect(self._ours) as connection:
            if not refused:
                insert_rows(connection, self._models["before"], self._change.rows)
            rows = read_rows(connection, self._models["before"])
        if not self._is_got("detected", self._migrate):
            return
        if refused or self._dialect in self._change.said:
            self._is_got("said", self._is_said)
        if refused:
            self._is_got("refused", self._is_refused)
        if not self._is_got("applies", lambda: self._move("upgrade", "head")):
            return
        self._is_got("exact", lambda: self._expect(self._new, "after"))
        self._is_got("silent", self._expect_nothing)
        self._is_got("rows", lambda: self._expect_rows(rows, "after"))
        self._is_got("back", lambda: self._go_back(rows))

    def _migrate(self):
        with self._application.running() as verbs:
            report = verbs.migrate(rev_id="after", **self._change.asked)
        if not report.revisions:
            raise _Failed("Nothing was found.")
        self._problems = report.problems
        self.script = Path(report.revisions[0].path).read_text(encoding="utf-8")
        compile(self.script, report.revisions[0].path, "exec")

    def _is_said(self):
        if not is_said(self.script) or not self._problems:
            raise _Failed("Script or screen do not say what becomes of the rows.")

    def _is_refused(self):
        database = self._make_database(self._dialect)
        self._create_all(database, "before")
        self._stamp(database)
        with self._connect(database) as connection:
            insert_rows(connection, self._models["before"], self._change.rows)
            rows = read_rows(connection, self._models["before"])
        try:
            with self._on(database).running() as verbs:
                verbs.upgrade()
        except MigrateError:
            pass
        else:
            raise _Failed("Rows do not refuse it.")
        with self._connect(database) as connection:
            _require(lost(rows, read_rows(connection, self._models["before"]), becomes={}))

    def _move(self, verb, revision):
        with self._application.running() as verbs:
            getattr(verbs, verb)(revision=revision)

    def _expect(self, wanted, which):
        lines = self._dump(self._ours, which)
        if lines != wanted:
            raise _Failed(first_difference(lines, wanted))

    def _expect_nothing(self):
        self._check(self._application)
        if not self.is_thorough:
            return
        with self._application.running() as verbs:
            if verbs.migrate(rev_id="again", **self._change.asked).revisions:
                raise _Failed("A second `migrate` writes a revision, though `check` is silent.")

    def _expect_rows(self, rows, which, **options):
        with self._connect(self._ours) as connection:
            now = read_rows(connection, self._models[which])
        _require(lost(rows, now, becomes=self._change.becomes, **options))

    def _go_back(self, rows):
        self._forget("again")
        if self._dialect in self._change.one_way:
            self._delete_rows()
            rows = {}
        self._move("downgrade", BASE)
        self._expect(self._old, "before")
        kept = {
            name: [_common(row, self._models["after"].tables.get(name)) for row in table]
            for name, table in rows.items()
            if name in self._models["after"].tables
        }
        self._expect_rows(kept, "before", or_before=True)

    # ------------------------------------------------------------ how

    def _check(self, application):
        try:
            with application.running() as verbs:
                verbs.check()
        except ModelsDiffer as error:
            raise _Failed("; ".join(one.description for one in error.report.changes)) from error

    def _stamp(self, database):
        path = self._directory / database.name.replace(".", "_")
        directory_with_history(self._empty, path, self._models["before"])
        with self._on(database).running() as verbs:
            verbs.stamp(revision=BASE)

    def _delete_rows(self):
        with self._connect(self._ours) as connection:
            if connection.dialect.name == "mysql":
                # It looks at each row, also at one that refers to itself.
                connection.exec_driver_sql("SET foreign_key_checks = 0")
            for table in reversed(self._models["after"].sorted_tables):
                connection.execute(table.delete())
            if connection.dialect.name == "mysql":
                connection.exec_driver_sql("SET foreign_key_checks = 1")

    def _forget(self, revision):
        for path in (self._application.directory / "versions").glob(f"{revision}*.py"):
            path.unlink()

    @property
    def _application(self):
        return self._on(self._ours)

    def _on(self, database):
        path = self._directory / self._ours.name.replace(".", "_")
        return Application(database, self._models["after"], path, **self._more)

    def _is_got(self, mark, attempt):
        with self._mark(mark):
            attempt()
        return mark not in self.failed

    @contextmanager
    def _mark(self, mark):
        self.reached.append(mark)
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, it is not got
            self.failed[mark] = _sentence(error)


@contextmanager
def engines():
    """Yield a function that opens connections, in a transaction that is committed."""
    made = {}

    @contextmanager
    def connect(database, **options):
        if database.url not in made:
            made[database.url] = sa.create_engine(database.url, poolclass=sa.NullPool)
        engine = made[database.url].execution_options(**options)
        with engine.begin() as connection:
            yield connection

    try:
        yield connect
    finally:
        for engine in made.values():
            engine.dispose()


def create_all(connect, database, metadata):
    """Make the tables of models, and their schemas."""
    # Not in a transaction: an index may be one that is made concurrently.
    with connect(database, isolation_level="AUTOCOMMIT") as connection:
        for schema in sorted(_schemas(metadata)) if database.dialect == "postgresql" else ():
            connection.execute(sa.schema.CreateSchema(schema))
        metadata.create_all(connection)


def metadata_of(declare, dialect):
    """Return the models that a function declares for a database."""
    metadata = sa.MetaData(info={"dialect": dialect})
    declare(metadata)
    return metadata


def _note(change, dialect):
    notes = (change.refused, change.said, change.one_way)
    return " ".join(one[dialect] for one in notes if dialect in one) or None


def _schemas(metadata):
    kinds = (*metadata.tables.values(), *metadata._sequences.values())
    types = (column.type for table in metadata.tables.values() for column in table.columns)
    return {schema for one in (*kinds, *types) if (schema := getattr(one, "schema", None))}


def _common(row, table):
    return {name: value for name, value in row.items() if name in table.columns}


def _require(reason):
    if reason:
        raise _Failed(reason)


def _sentence(error):
    name = "" if isinstance(error, (_Failed, MigrateError)) else f"{type(error).__name__}: "
    return (name + " ".join(str(error).split()))[:500]
