"""What servers have said of models before, so that they are asked the same only once.

Nothing is kept but fingerprints, each of a question and its answer together. So what is remembered
can confirm that a table is what the server once made of the very same statements, with the same
settings; it can never say what a table would be.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection, Dialect, Table, text
from sqlalchemy.exc import SQLAlchemyError

from flask_migrate.caches import cache_of, load, save
from flask_migrate.database.scratch.postgresql_parts import parents_of
from flask_migrate.database.scratch.statements import creation_of_one
from flask_migrate.values.schema import Name, Snapshot

_NAME = "answers-1"
_SIZE = 16  # bytes
_MOST = 20_000

# What else the words of an answer, or the meaning of a statement, depend on.
_POSTGRESQL = text("""
SELECT version(), encoding, datcollate, datctype, current_schemas(true)::text,
       (SELECT string_agg(name || ' = ' || setting, ', ' ORDER BY name) FROM pg_settings
        WHERE name = ANY(ARRAY[
            'DateStyle', 'IntervalStyle', 'TimeZone', 'array_nulls', 'backslash_quote',
            'bytea_output', 'default_table_access_method', 'default_tablespace',
            'default_text_search_config', 'extra_float_digits', 'lc_monetary', 'lc_numeric',
            'lc_time', 'quote_all_identifiers', 'standard_conforming_strings',
            'transform_null_equals', 'xmlbinary', 'xmloption']))
FROM pg_database WHERE datname = current_database()
""")
_MYSQL = text("""
SHOW VARIABLES WHERE variable_name IN (
    'version', 'version_comment', 'character_set_collations', 'character_set_connection',
    'character_set_database', 'collation_connection', 'collation_database',
    'default_storage_engine', 'explicit_defaults_for_timestamp', 'innodb_default_row_format',
    'lower_case_table_names', 'sql_generate_invisible_primary_key', 'sql_mode',
    'sql_require_primary_key', 'time_zone')
""")
_SETTINGS = {"postgresql": _POSTGRESQL, "mysql": _MYSQL, "mariadb": _MYSQL}


class Answers:
    """What is remembered of a server in the cache of a directory.

    Args:
        connection: The database.
        directory: The directory, absolute.
    """

    def __init__(self, connection: Connection, directory: Path) -> None:
        self._connection = connection
        self._place = cache_of(directory, _NAME)

    def confirmed(self, tables: Mapping[Name, Table], found: Snapshot) -> Snapshot:
        """Return those tables of a database that are as the models say, and their types.

        Args:
            tables: Models.
            found: What the database has.
        """
        known = self._known
        said = self._fingerprints(tables, found) if known else ()
        settled = {name: types for name, types, fingerprint in said if fingerprint in known}
        return found.part(settled, {type_ for types in settled.values() for type_ in types})

    def learn(self, tables: Mapping[Name, Table], said: Snapshot) -> None:
        """Remember what the server has made of models."""
        new = dict.fromkeys(fingerprint for *_, fingerprint in self._fingerprints(tables, said))
        if not new.keys() <= self._known.keys():
            # What was learned last is kept longest.
            kept = [*(one for one in self._known if one not in new), *new]
            save(self._place, b"".join(kept[-_MOST:]))

    @cached_property
    def _known(self) -> Mapping[bytes, None]:
        body = load(self._place)
        return dict.fromkeys(body[at : at + _SIZE] for at in range(0, len(body), _SIZE))

    @cached_property
    def _settings(self) -> str:
        """What the server is and how it is set up, as far as answers depend on it."""
        dialect = self._connection.dialect
        if dialect.name not in _SETTINGS:
            return repr((dialect.name, dialect.driver, dialect.server_version_info))
        was_in_transaction = self._connection.in_transaction()
        rows = self._connection.execute(_SETTINGS[dialect.name]).all()
        if not was_in_transaction:
            self._connection.rollback()
        return repr((dialect.name, [tuple(row) for row in rows]))

    def _fingerprints(
        self, tables: Mapping[Name, Table], said: Snapshot
    ) -> Iterator[tuple[Name, list[Name], bytes]]:
        """Yield of each table its name, its types, and the fingerprint of question and answer."""
        for name, table in tables.items():
            statements = _question(table, self._connection.dialect)
            if name in said.tables and statements:
                types = _types(statements, table, self._connection.dialect)
                asked = [sql for _, sql in statements]
                answer = said.part([name], types)
                yield name, types, _fingerprint(self._settings, asked, answer)


def _question(table: Table, dialect: Dialect) -> list[tuple[Name, str]]:
    """Return the statements that make a table, each with its owner.

    There are none if they cannot be written, or are not all that the answer depends on.
    """
    try:
        statements = creation_of_one(table, dialect=dialect)
    except SQLAlchemyError:
        return []
    depends_on_parents = dialect.name == "postgresql" and parents_of(table)
    # Where a table begins to count depends on how far the real one has come.
    depends_on_rows = any("AUTO_INCREMENT=" in sql for _, sql in statements)
    return [] if depends_on_parents or depends_on_rows else statements


def _fingerprint(settings: str, asked: list[str], answer: Snapshot) -> bytes:
    parts = (settings, asked, answer.tables, answer.enums, answer.domains)
    return blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=_SIZE).digest()


def _types(statements: Iterable[tuple[Name, str]], table: Table, dialect: Dialect) -> list[Name]:
    """Return the types that are made for a table, as a snapshot calls them."""
    own = Name(table.schema or "", table.name)
    made = dict.fromkeys(owner for owner, _ in statements if owner != own)
    default = dialect.default_schema_name
    return [Name("" if one.schema == default else one.schema, one.name) for one in made]
