"""The sequences of MariaDB."""

from typing import Any

from sqlalchemy import Row

from flask_migrate.database.snapshots.mysql.places import Places
from flask_migrate.values.schema import Sequence

_HIGHEST = 2**63 - 2
_LOWEST = -(2**63) + 1
_CACHE = 1000


def read_sequence(row: Row[Any], places: Places) -> Sequence:
    """Return a sequence.

    Args:
        row: What it says of itself.
        places: The databases.
    """
    goes_down = row.increment < 0
    lowest, highest = (_LOWEST, -1) if goes_down else (1, _HIGHEST)
    start = row.maximum_value if goes_down else row.minimum_value
    told = (
        ("start", row.start_value, start),
        ("increment", row.increment, 1),
        ("minvalue", row.minimum_value, lowest),
        ("maxvalue", row.maximum_value, highest),
        ("cache", row.cache_size, _CACHE),
        ("cycle", row.cycle_option, 0),
    )
    return Sequence(
        name=places.name(row.sequence_schema, row.sequence_name),
        options=tuple(sorted((name, str(value)) for name, value, usual in told if value != usual)),
    )
