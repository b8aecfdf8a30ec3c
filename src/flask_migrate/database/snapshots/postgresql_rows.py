"""The rows of PostgreSQL's catalog, as `postgresql_sql` asks for them."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_migrate.values.schema import Name

Row = Mapping[str, Any]
Rows = Iterable[Row]


def name_of(row: Row, name: str = "name") -> Name:
    """Return the name that a row tells, or another one in the same schema."""
    return Name(row["schema"], row[name])
