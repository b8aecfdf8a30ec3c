"""Read what PostgreSQL has in some schemas, with a number of queries that is always the same."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import Connection, TextClause

from flask_migrate.database.snapshots import postgresql_sql as sql
from flask_migrate.database.snapshots.postgresql_code import code_of
from flask_migrate.database.snapshots.postgresql_tables import TableRows, tables_of
from flask_migrate.database.snapshots.postgresql_types import domain_of, enum_of, sequence_of
from flask_migrate.database.without_trace import without_trace
from flask_migrate.values.schema import Snapshot

Translate = Callable[[str], str]

_SCHEMAS = ("schema", "target_schema")


def read(connection: Connection, schemas: Collection[str]) -> Snapshot:
    """Return what there is in some schemas.

    A text that names a thing of another schema says which; of the default one, it does not.

    Args:
        connection: To a server from version 12 on. It is afterwards as it was, whether
            it is in a transaction or not.
        schemas: Their names; "" for the default one. Those of the server itself, and of
            temporary tables, are never read.
    """
    default = default_schema(connection)
    with without_trace(connection):
        return read_here(
            connection, {one or default for one in schemas}, path=[default], translate=str
        )


def default_schema(connection: Connection) -> str:
    """Return the schema of what names none."""
    return connection.dialect.default_schema_name or "public"


def read_here(
    connection: Connection, schemas: Collection[str], *, path: Collection[str], translate: Translate
) -> Snapshot:
    """Return what there is in some schemas, and leave settings behind in the transaction.

    Args:
        connection: In a transaction.
        schemas: Their names on the server.
        path: The schemas that texts leave out.
        translate: What makes, of each text of the server, the one in the snapshot.
    """
    reader = _Reader(connection, schemas, translate)
    found = reader.begin(path)
    types = list(reader.rows(sql.TYPES))
    rows = TableRows(
        tables=reader.rows(sql.TABLES),
        columns=reader.rows(_columns(connection)),
        constraints=reader.rows(sql.CONSTRAINTS),
        indexes=reader.rows(sql.INDEXES),
        sequences=reader.rows(sql.SEQUENCES),
    )
    return Snapshot(
        schemas=frozenset(found),
        tables={one.name: one for one in tables_of(rows)},
        enums={one.name: one for one in map(enum_of, types) if one},
        domains={one.name: one for one in map(domain_of, types) if one},
        sequences={one.name: one for one in map(sequence_of, rows.sequences) if one},
        code=code_of(reader.rows(sql.CODE), reader.rows(sql.USES), rows.indexes),
    )


def _columns(connection: Connection) -> TextClause:
    version = connection.dialect.server_version_info or ()
    is_new = version >= sql.COMPRESSION_SINCE
    return sql.COLUMNS if is_new else sql.COLUMNS_BEFORE_COMPRESSION


def _is_of_server(schema: str) -> bool:
    return schema.startswith("pg_") or schema == "information_schema"


class _Reader:
    """Rows of the catalog, in the words of the snapshot."""

    def __init__(
        self, connection: Connection, schemas: Collection[str], translate: Translate
    ) -> None:
        self._connection = connection
        self._schemas = sorted(one for one in schemas if not _is_of_server(one))
        self._translate = translate
        self._default = default_schema(connection)

    def begin(self, path: Collection[str]) -> list[str]:
        """Set what the texts depend on, and return the schemas that there are."""
        parameters = {"path": [*path, "pg_temp"], "schemas": self._schemas}
        found = self._connection.execute(sql.SETTINGS, parameters).one()
        return [self._name(self._translate(one)) for one in found.schemas]

    def rows(self, query: TextClause) -> list[dict[str, Any]]:
        """Return what a query finds."""
        result = self._connection.execute(query, {"schemas": self._schemas})
        keys = tuple(result.keys())
        return [self._spoken(keys, row) for row in result]

    def _spoken(self, keys: tuple[str, ...], row: Iterable[Any]) -> dict[str, Any]:
        spoken = {key: self._value(value) for key, value in zip(keys, row, strict=True)}
        for key in _SCHEMAS:
            if key in spoken:
                spoken[key] = self._name(spoken[key])
        return spoken

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._translate(value)
        return [self._value(one) for one in value] if isinstance(value, list) else value

    def _name(self, schema: str) -> str:
        return "" if schema == self._default else schema
