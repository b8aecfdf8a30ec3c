"""Options of tables."""

import sqlalchemy as sa

from tests.changes.change import change, things

C = sa.Column
ONLY_MARIADB = {"only": ["mariadb"], "because": "A table has no such option."}
ONLY_SQLITE = {"only": ["sqlite"], "because": "A table has no such option."}
ONLY_POSTGRESQL = {"only": ["postgresql"], "because": "A table has no such option."}


def table(*items, **options):
    """Return models of a table with options of MariaDB."""
    given = {f"mysql_{name}": value for name, value in options.items()}
    return lambda m: things(m, C("name", sa.String(20)), *(make() for make in items), **given)


def sqlite(*items, **options):
    """Return models of a table with options of SQLite."""
    given = {f"sqlite_{name}": value for name, value in options.items()}
    return lambda m: things(m, C("name", sa.String(20)), *(make() for make in items), **given)


def keyed_by_text(**options):
    given = {f"sqlite_{name}": value for name, value in options.items()}
    return lambda m: sa.Table(
        "things", m, C("code", sa.String(9), primary_key=True), C("w", sa.Integer), **given
    )


def loose(m, **options):
    return things(m, C("w", sa.TEXT), **options)


def strict(m):
    return loose(m, sqlite_strict=True)


def size():
    return C("size", sa.Integer)


def takes(table, **options):
    """Return whether this SQLAlchemy knows options of a table: some are newer than others."""
    try:
        table(**options)(sa.MetaData())
    except sa.exc.ArgumentError:
        return False
    return True


def of_strict():
    """Yield the changes of what SQLAlchemy knows since 2.0.37."""
    yield change("a table becomes STRICT", loose, strict, **ONLY_SQLITE)
    yield change("a table is no longer STRICT", strict, loose, **ONLY_SQLITE)
    yield change(
        "a STRICT table gets a column",
        strict,
        lambda m: things(m, C("w", sa.TEXT), C("x", sa.Integer), sqlite_strict=True),
    )


CHANGES = (
    change("a table gets an engine", table(), table(engine="Aria"), **ONLY_MARIADB),
    change(
        "the engine of a table changes",
        table(engine="MyISAM"),
        table(engine="InnoDB"),
        **ONLY_MARIADB,
    ),
    change(
        "a table gets a character set",
        table(),
        table(default_charset="latin1"),
        **ONLY_MARIADB,
    ),
    change(
        "the character set of a table changes with that of its columns",
        table(charset="latin1"),
        table(charset="utf8mb4"),
        **ONLY_MARIADB,
    ),
    change(
        "the collation of a table changes",
        table(charset="utf8mb4", collate="utf8mb4_unicode_ci"),
        table(charset="utf8mb4", collate="utf8mb4_bin"),
        **ONLY_MARIADB,
    ),
    change(
        "the row format of a table changes",
        table(row_format="DYNAMIC"),
        table(row_format="COMPRESSED"),
        **ONLY_MARIADB,
    ),
    change(
        "the block size of a table and its keys comes",
        table(lambda: C("code", sa.Integer, unique=True, index=True)),
        table(
            lambda: C("code", sa.Integer, unique=True, index=True),
            row_format="COMPRESSED",
            key_block_size="8",
        ),
        **ONLY_MARIADB,
    ),
    change(
        "the block size of a table changes",
        table(row_format="COMPRESSED", key_block_size="8"),
        table(row_format="COMPRESSED", key_block_size="4"),
        **ONLY_MARIADB,
    ),
    change("a table gets a row format", table(), table(row_format="COMPACT"), **ONLY_MARIADB),
    change(
        "the number that a table starts with comes",
        table(),
        table(auto_increment="1000"),
        **ONLY_MARIADB,
    ),
    change(
        "the number that a table starts with changes",
        table(auto_increment="1000"),
        table(auto_increment="5000"),
        **ONLY_MARIADB,
    ),
    change(
        "a table with options is made",
        lambda m: things(m, name="others"),
        lambda m: (
            things(m, name="others"),
            table(engine="Aria", charset="latin1", row_format="DYNAMIC", comment="It's.")(m),
        ),
    ),
    change(
        "a table with options gets a column",
        table(engine="Aria", charset="latin1"),
        table(size, engine="Aria", charset="latin1"),
    ),
    change(
        "a table with options gets a column of text",
        table(charset="latin1", collate="latin1_bin"),
        table(lambda: C("more", sa.String(20)), charset="latin1", collate="latin1_bin"),
    ),
    change(
        "a table that a crash empties becomes one that it does not",
        lambda m: things(m, prefixes=["UNLOGGED"]),
        things,
        **ONLY_POSTGRESQL,
    ),
    change(
        "a key gets AUTOINCREMENT",
        sqlite(),
        sqlite(autoincrement=True),
        **ONLY_SQLITE,
    ),
    change("a key loses AUTOINCREMENT", sqlite(autoincrement=True), sqlite(), **ONLY_SQLITE),
    change(
        "a table with AUTOINCREMENT gets a column that must be copied for",
        sqlite(autoincrement=True),
        sqlite(lambda: sa.CheckConstraint("name <> ''", name="not_empty"), autoincrement=True),
    ),
    change(
        "a table loses its row ids",
        keyed_by_text(),
        keyed_by_text(with_rowid=False),
        **ONLY_SQLITE,
    ),
    change(
        "a table gets its row ids back",
        keyed_by_text(with_rowid=False),
        keyed_by_text(),
        **ONLY_SQLITE,
    ),
    change(
        "a column of a table without row ids becomes NOT NULL",
        keyed_by_text(with_rowid=False),
        lambda m: sa.Table(
            "things",
            m,
            C("code", sa.String(9), primary_key=True),
            C("w", sa.Integer, nullable=False, server_default="0"),
            sqlite_with_rowid=False,
        ),
        becomes={"things.w": [1, 2, 0]},
    ),
    change(
        "NOT NULL gets ON CONFLICT",
        lambda m: things(m, C("w", sa.Integer, nullable=False)),
        lambda m: things(
            m, C("w", sa.Integer, nullable=False, sqlite_on_conflict_not_null="IGNORE")
        ),
        **ONLY_SQLITE,
    ),
    change(
        "a primary key gets ON CONFLICT",
        lambda m: sa.Table("things", m, C("code", sa.String(9), primary_key=True)),
        lambda m: sa.Table(
            "things",
            m,
            C("code", sa.String(9), primary_key=True, sqlite_on_conflict_primary_key="REPLACE"),
        ),
        **ONLY_SQLITE,
    ),
    *(of_strict() if takes(sqlite, strict=True) else ()),
)
