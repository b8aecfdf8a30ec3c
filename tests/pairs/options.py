"""Options of tables."""

from tests.pairs.parts import often

_OPTIONS = {
    "sqlite": ("sqlite_autoincrement=True", "sqlite_with_rowid=False"),
    "postgresql": ("postgresql_with={'fillfactor': '70'}",),
    "mariadb": (
        "mysql_row_format='COMPRESSED'",
        "mysql_charset='latin1'",
        "mysql_collate='utf8mb4_bin'",
        "mysql_engine='InnoDB'",
    ),
}


def draw_options(random, dialect):
    """Return options of a table."""
    return (random.choice(_OPTIONS[dialect]),) if often(random, 0.15) else ()
