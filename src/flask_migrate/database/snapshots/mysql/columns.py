"""The columns of a table."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row

from flask_migrate.database.snapshots.mysql.flavours import Flavour
from flask_migrate.database.snapshots.mysql.places import Places
from flask_migrate.values.schema import Column, Computed

_ON_UPDATE = re.compile(r"on update ([\w()]+)", re.IGNORECASE)
_GENERATED = re.compile(r"(VIRTUAL|STORED|PERSISTENT) GENERATED")
_IN_COMMENT = re.compile(r"\s*/\*M?!\d+ (.*?)\*/")
_IS_JSON = re.compile(r"json_valid\(([`\"])(.*)\1\)")
_WORDS = {
    "INVISIBLE": "invisible",
    "WITHOUT SYSTEM VERSIONING": "without_system_versioning",
}
_JSON_COLLATION = "utf8mb4_bin"


def read_column(
    row: Row[Any],
    *,
    collation: str | None,
    checks: Mapping[str, str],
    places: Places,
    flavour: Flavour,
) -> Column:
    """Return a column.

    MariaDB's JSON is a longtext with a CHECK, which the server adds: here it is "json" again.

    Args:
        row: What information_schema says of it.
        collation: That of the table.
        checks: The CHECKs that columns of the table have, by their name.
        places: The databases.
        flavour: How the server says it.
    """
    check = checks.get(row.column_name)
    is_json = _is_json(row, check)
    has_own_collation = row.collation_name != collation and not is_json
    computed = _computed(row, places, flavour)
    return Column(
        name=row.column_name,
        type="json" if is_json else _type(row.column_type),
        nullable=row.is_nullable == "YES",
        default=None if computed else _default(row, places, flavour),
        computed=computed,
        is_numbered="auto_increment" in row.extra.lower(),
        collation=row.collation_name if has_own_collation else None,
        comment=row.column_comment or None,
        options=tuple(sorted(_options(row, None if is_json else check))),
    )


def _type(told: str) -> str:
    return _IN_COMMENT.sub("", told) if "/*" in told else told


def _is_json(row: Row[Any], check: str | None) -> bool:
    if row.column_type != "longtext" or row.collation_name != _JSON_COLLATION:
        return False
    found = _IS_JSON.fullmatch(check or "")
    return bool(found and found[2].replace(found[1] * 2, found[1]) == row.column_name)


def _computed(row: Row[Any], places: Places, flavour: Flavour) -> Computed | None:
    kind = _GENERATED.search(row.extra) if row.extra else None
    if kind is None:
        return None
    expression = flavour.formula(row.generation_expression or "")
    return Computed(expression=places.shorten(expression), is_stored=kind[1] != "VIRTUAL")


def _default(row: Row[Any], places: Places, flavour: Flavour) -> str | None:
    default = flavour.default(row)
    on_update = _ON_UPDATE.search(row.extra) if row.extra else None
    if on_update is None:
        return None if default is None else places.shorten(default)
    return f"{default or 'NULL'} ON UPDATE {on_update[1]}"


def _options(row: Row[Any], check: str | None) -> Iterator[tuple[str, str]]:
    if check is not None:
        yield "check", check
    if "/*" in row.column_type:
        yield from (("storage", more) for more in _IN_COMMENT.findall(row.column_type))
    if row.srs is not None:
        yield "srid", str(row.srs)
    if row.extra:
        yield from ((name, "yes") for word, name in _WORDS.items() if word in row.extra)
