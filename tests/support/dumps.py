"""The whole of a database as text: what it was before a fault, and what it must be after."""

import re

import sqlalchemy as sa

POSTGRESQL = (
    # Relations and their columns.
    """
    SELECT n.nspname, c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE {ours} AND c.relkind <> 'i' ORDER BY 1, 2, a.attnum
    """,
    """
    SELECT n.nspname, c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid),
        c.convalidated
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE {ours} ORDER BY 1, 2, 3
    """,
    """
    SELECT n.nspname, c.relname, pg_get_indexdef(c.oid), i.indisvalid
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {ours} ORDER BY 1, 2
    """,
    """
    SELECT n.nspname, c.relname, pg_get_viewdef(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {ours} AND c.relkind IN ('v', 'm') ORDER BY 1, 2
    """,
    """
    SELECT n.nspname, t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder)
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n
        ON n.oid = t.typnamespace
    WHERE {ours} GROUP BY 1, 2 ORDER BY 1, 2
    """,
    """
    SELECT n.nspname, c.relname, pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {ours} AND NOT t.tgisinternal ORDER BY 1, 2, 3
    """,
)
OURS = r"n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'"
POSTGRESQL_TABLES = f"""
    SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {OURS} AND c.relkind IN ('r', 'p') ORDER BY 1
"""
OTHER_SESSIONS = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    "mariadb": "SELECT count(*) FROM information_schema.processlist "
    "WHERE db = database() AND id <> connection_id()",
}

# Who holds the lock, while it is held: not a part of what is migrated.
LEASE = "flask_migrate_lease"


def dump(database, *, rows=True):
    """Return the schema of a database and its rows, as text that is equal if they are.

    Args:
        database: The database, or anything else with a `url` and a `dialect`.
        rows: Whether rows are in it.
    """
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    describe = {"sqlite": _sqlite, "postgresql": _postgresql, "mariadb": _mariadb}
    with engine.connect() as connection:
        schema, tables = describe[database.dialect](connection)
        if rows:
            for table in tables:
                schema += (f"rows of {table}", *_rows(connection, table))
    return "\n".join(schema)


def other_sessions(database):
    """Return how many sessions are on a database of a server, but for the one that asks."""
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.scalar(sa.text(OTHER_SESSIONS[database.dialect]))


def _rows(connection, table):
    return sorted(map(str, connection.exec_driver_sql(f"SELECT * FROM {table}")))


def _sqlite(connection):
    entries = connection.exec_driver_sql(
        "SELECT type, name, tbl_name, sql FROM sqlite_master "
        "WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"
    ).all()
    return [str(entry) for entry in entries], [f'"{e.name}"' for e in entries if e.type == "table"]


def _postgresql(connection):
    lines = [
        str(row)
        for query in POSTGRESQL
        for row in connection.exec_driver_sql(query.format(ours=OURS).replace("%", "%%"))
    ]
    tables = connection.exec_driver_sql(POSTGRESQL_TABLES.replace("%", "%%"))
    return [line for line in lines if LEASE not in line], [
        table for table in tables.scalars() if LEASE not in table
    ]


def _mariadb(connection):
    shown = connection.exec_driver_sql("SHOW FULL TABLES")
    tables = [(name, kind) for name, kind in shown if name != LEASE]
    lines = []
    for name, kind in tables:
        word = "VIEW" if kind == "VIEW" else "TABLE"
        definition = connection.exec_driver_sql(f"SHOW CREATE {word} `{name}`").one()[1]
        lines.append(re.sub(r" AUTO_INCREMENT=\d+", "", definition))
    triggers = connection.exec_driver_sql(
        "SELECT trigger_name, event_object_table, action_timing, event_manipulation, "
        "action_statement FROM information_schema.triggers "
        "WHERE trigger_schema = database() ORDER BY 1"
    )
    lines += map(str, triggers)
    return lines, [f"`{name}`" for name, kind in tables if kind != "VIEW"]
