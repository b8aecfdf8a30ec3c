"""What is particular about a sequence of PostgreSQL. Pure."""

from collections.abc import Mapping
from typing import Any

from flask_migrate.values.schema import Options

_BITS = {"smallint": 15, "integer": 31, "bigint": 63}


def sequence_options(row: Mapping[str, Any], usual_type: str = "bigint") -> Options:
    """Return the options of a sequence that are not as the server would have them.

    Args:
        row: A row of the catalog.
        usual_type: The type it would have.

    >>> sequence_options(dict(type="integer", start=9, increment=1, minvalue=1,
    ...                       maxvalue=2147483647, cache=1, cycle=False))
    (('as', 'integer'), ('start', '9'))
    """
    usual = {**_usual(row), "as": usual_type}
    given = {**row, "as": row["type"]}
    return tuple((name, _text(given[name])) for name in sorted(usual) if given[name] != usual[name])


def _usual(row: Mapping[str, Any]) -> dict[str, Any]:
    # A sequence of another type is not there yet: that of its column decides.
    highest = 2 ** _BITS.get(row["type"], 63) - 1
    goes_up = row["increment"] > 0
    return {
        "increment": 1,
        "minvalue": 1 if goes_up else -highest - 1,
        "maxvalue": highest if goes_up else -1,
        "start": row["minvalue"] if goes_up else row["maxvalue"],
        "cache": 1,
        "cycle": False,
    }


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
