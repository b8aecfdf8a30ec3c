"""An empty copy of a schema in memory, where a change is tried before the database sees it.

SQLite itself says there what its version can do, and what a change would break.
"""

import re
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType

from flask_migrate.database.sqlite.catalog import Catalog, Entry, trigger_event
from flask_migrate.database.sqlite.stand_ins import Forgiving
from flask_migrate.database.sqlite.tokens import fold, literal, names_in, qualify, quote, same

_BROKEN = re.compile(
    r"error in (?P<kind>view|trigger) (?P<name>.+?)(?: after [a-z ]+)?: ", re.DOTALL
)
_ORDER = ("table", "index", "view", "trigger")


class Refused(Exception):
    """SQLite does not do what it was asked to, and says why."""


@contextmanager
def scratch(catalog: Catalog, table: str, *, module: ModuleType = sqlite3) -> Generator["Scratch"]:
    """Yield an empty copy of a schema, as far as a change of one table can concern it.

    Args:
        catalog: What there is.
        table: The table that is to be changed.
        module: The driver, whose SQLite may be another than Python's.
    """
    connection = module.connect(":memory:", isolation_level=None)
    try:
        copy = Scratch(connection, catalog, error=module.Error)
        copy.fill(_concerned(catalog, table))
        yield copy
    finally:
        connection.close()


class Scratch:
    """A schema without rows."""

    def __init__(
        self, connection: sqlite3.Connection, catalog: Catalog, *, error: type[Exception]
    ) -> None:
        self._connection = connection
        self._schema = catalog.schema
        self._has_code = catalog.has_code
        self._error = error
        self._forgiving = Forgiving(connection, error=error)
        if catalog.schema not in {"main", "temp"}:
            connection.execute(f"ATTACH ':memory:' AS {quote(catalog.schema)}")

    def fill(self, entries: Iterable[Entry]) -> None:
        """Make what a schema has."""
        for entry in sorted(entries, key=lambda entry: _ORDER.index(entry.kind)):
            try:
                self.run(qualify(entry.sql or "", entry.schema))
            except Refused:
                # A module that only the application loads, a table that came with another one.
                continue

    def run(self, sql: str) -> None:
        """Run a statement, with a stand-in for a function or collation of the application.

        Raises:
            Refused: SQLite does not do it.
        """
        try:
            self._forgiving.execute(sql)
        except self._error as error:
            raise Refused(str(error)) from error

    def works(self, statements: Iterable[str]) -> bool:
        """Return whether statements would work, and leave everything as it was.

        With foreign keys on SQLite refuses more, and the database may have them on.
        """
        self.run("PRAGMA foreign_keys = ON")
        try:
            with self._rolled_back():
                for sql in statements:
                    self.run(sql)
        except Refused:
            return False
        finally:
            self.run("PRAGMA foreign_keys = OFF")
        return True

    def sql_of(self, kind: str, name: str) -> str | None:
        """Return the statement of a part of the schema, as SQLite has it now."""
        parts = self._parts(kind, self._schema)
        return next((sql for found, _, sql in parts if same(found, name)), None)

    def entries(self, kind: str, table: str) -> list[tuple[str, str, str]]:
        """Return schema, name and statement of the indexes or the triggers of a table."""
        return [
            (schema, name, sql)
            for schema in self._schemas
            for name, owner, sql in self._parts(kind, schema)
            if same(owner, table)
        ]

    def has_index(self, name: str) -> bool:
        """Return whether there is an index of that name."""
        return self.sql_of("index", name) is not None

    def broken(self) -> dict[str, str]:
        """Return the views and triggers that do not work, with what SQLite says of each."""
        found: dict[str, str] = {}
        if not self._has_code:
            return found
        with self._rolled_back():
            while (said := self._complaint()) is not None:
                match = _BROKEN.search(said)
                if match is None or match["name"] in found:
                    break
                found[match["name"]] = said
                self._drop(match["kind"], match["name"])
            found.update(self._broken_triggers())
        return found

    def _broken_triggers(self) -> Iterator[tuple[str, str]]:
        """Yield the triggers that fail when they are called; no rename finds these.

        Each is alone for the while, so that what is said is about it.
        """
        triggers = [
            (name, qualify(sql, schema), table)
            for schema in self._schemas
            for name, table, sql in self._parts("trigger", schema)
        ]
        for name, _, _ in triggers:
            self._drop("trigger", name)
        for name, sql, table in triggers:
            self.run(sql)
            try:
                self.run(f"EXPLAIN {self._call(sql, table)}")
            except Refused as error:
                yield name, f"error in trigger {name}: {error}"
            self._drop("trigger", name)

    def _call(self, trigger: str, table: str) -> str:
        """Return a statement that calls a trigger."""
        match trigger_event(trigger):
            case "INSERT":
                return f"INSERT INTO {quote(table)} DEFAULT VALUES"
            case "DELETE":
                return f"DELETE FROM {quote(table)}"
            case _:
                rows = self._connection.execute(f"PRAGMA table_info({quote(table)})")
                columns = [quote(row[1]) for row in rows]
                values = ", ".join(f"{column} = {column}" for column in columns)
                return f"UPDATE {quote(table)} SET {values}"

    def _complaint(self) -> str | None:
        """Let SQLite look at every view and trigger, which it does when a table is renamed."""
        probe = f"{quote(self._schema)}.{quote('_godwit_probe')}"
        with self._rolled_back():
            self.run("PRAGMA legacy_alter_table = OFF")
            self.run(f"CREATE TABLE {probe} (a)")
            try:
                self.run(f"ALTER TABLE {probe} RENAME TO {quote('_godwit_probed')}")
            except Refused as error:
                return str(error)
        return None

    def _drop(self, kind: str, name: str) -> None:
        for schema in self._schemas:
            self.run(f"DROP {kind} IF EXISTS {quote(schema)}.{quote(name)}")

    @contextmanager
    def _rolled_back(self) -> Generator[None]:
        self._connection.execute("SAVEPOINT tried")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK TO tried")
            self._connection.execute("RELEASE tried")

    @property
    def _schemas(self) -> list[str]:
        return list(dict.fromkeys([self._schema, "temp"]))

    def _parts(self, kind: str, schema: str) -> list[tuple[str, str, str]]:
        """Return name, table and statement of the parts of a kind."""
        master = "sqlite_temp_master" if schema == "temp" else "sqlite_master"
        return self._connection.execute(
            f"SELECT name, tbl_name, sql FROM {quote(schema)}.{master} "
            f"WHERE type = {literal(kind)} AND sql IS NOT NULL"
        ).fetchall()


def _concerned(catalog: Catalog, table: str) -> Iterator[Entry]:
    """Yield the table, every view and trigger, and the tables that these speak of."""
    code = [entry for entry in catalog.entries if entry.kind in {"view", "trigger"}]
    spoken_of = {fold(table)} | {name for entry in code for name in names_in(entry.sql or "")}
    for entry in catalog.entries:
        if not entry.is_internal and (entry in code or fold(entry.table) in spoken_of):
            yield entry
