"""Options of tables."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.pairs.parts import often

# SQLAlchemy learned it in 2.0.37.
_KNOWS_WITH = "with" in dict(postgresql.dialect.construct_arguments)[sa.Table]

_OPTIONS = {
    "sqlite": ("sqlite_autoincrement=True", "sqlite_with_rowid=False"),
    "postgresql": ("postgresql_with={'fillfactor': '70'}",) if _KNOWS_WITH else (),
    "mariadb": (
        "mysql_row_format='COMPRESSED'",
        "mysql_charset='latin1'",
        "mysql_collate='utf8mb4_bin'",
        "mysql_engine='InnoDB'",
    ),
}


def draw_options(random, dialect):
    """Return options of a table."""
    known = _OPTIONS[dialect]
    return (random.choice(known),) if known and often(random, 0.15) else ()
