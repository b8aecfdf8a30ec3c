"""A MariaDB or MySQL database as SHOW CREATE says it is."""

import re

import sqlalchemy as sa

_NOT_OURS = ("alembic_version", "flask_migrate_lease")
_ROUTINES = """
    SELECT routine_type, routine_name, dtd_identifier, routine_definition, is_deterministic
    FROM information_schema.routines WHERE routine_schema = database()
"""
_PARAMETERS = """
    SELECT specific_name, ordinal_position, parameter_mode, parameter_name, dtd_identifier
    FROM information_schema.parameters WHERE specific_schema = database()
"""
_TRIGGERS = """
    SELECT trigger_name, event_object_table, action_timing, event_manipulation, action_statement
    FROM information_schema.triggers WHERE trigger_schema = database()
"""
# What the server calls a constraint that has no name: it counts them.
_COUNTED = re.compile(r"CONSTRAINT `(CONSTRAINT_|[^`]+_ibfk_)\d+`")
_KEY = re.compile(r"^(\s*KEY )`((?:[^`]|``)*)`", re.MULTILINE)
_NEXT_ID = re.compile(r" AUTO_INCREMENT=\d+")


def dump(database, metadata):
    """Return what there is, one line of SHOW CREATE a line."""
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        lines = [
            f"{name}: {line}"
            for name, kind in connection.exec_driver_sql("SHOW FULL TABLES")
            if name not in _NOT_OURS
            for line in _lines(connection, name, kind, metadata)
        ]
        for query in (_ROUTINES, _PARAMETERS, _TRIGGERS):
            lines += [str(tuple(row)) for row in connection.exec_driver_sql(query)]
    return sorted(line.replace(f"`{database.name}`.", "") for line in lines)


def _lines(connection, name, kind, metadata):
    word = {"VIEW": "VIEW", "SEQUENCE": "SEQUENCE"}.get(kind, "TABLE")
    quoted = name.replace("`", "``").replace("%", "%%")
    text = connection.exec_driver_sql(f"SHOW CREATE {word} `{quoted}`").one()[1]
    text = _COUNTED.sub(r"CONSTRAINT `\1n`", text)
    table = metadata.tables.get(name)
    if table is None or not _declares_next_id(table):
        text = _NEXT_ID.sub("", text)
    if table is not None:
        # The index that a foreign key brings along is called after whatever there is.
        named = _names(table)
        text = _KEY.sub(lambda key: key[0] if key[2] in named else f"{key[1]}`of a key`", text)
    return [line.strip().rstrip(",") for line in text.splitlines()]


def _declares_next_id(table):
    return any(option.endswith("_auto_increment") for option in table.dialect_kwargs)


def _names(table):
    return {str(one.name).replace("`", "``") for one in (*table.indexes, *table.constraints)}
