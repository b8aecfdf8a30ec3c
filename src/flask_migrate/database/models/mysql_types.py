"""The type of a column of MariaDB and MySQL, as one of SQLAlchemy."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Dialect
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from flask_migrate.database.models.declared import Declared

_TOLD = re.compile(
    r"(?P<name>\w+)(?:\((?P<numbers>\d+(?:,\d+)*)\))?"
    r"(?P<unsigned> unsigned)?(?P<zerofill> zerofill)?"
)
_LABELS = re.compile(r"(?P<name>enum|set)\((?P<labels>.*)\)", re.DOTALL)
_LABEL = re.compile(r"'((?:[^'\\]|''|\\.)*)'", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "Z": "\x1a", "b": "\b"}
_WIDTHS = {"tinyint": (4, 3), "smallint": (6, 5), "mediumint": (9, 8), "int": (11, 10)}
_WIDTHS["bigint"] = (20, 20)
_WHOLE = {
    "tinyint": mysql.TINYINT,
    "smallint": mysql.SMALLINT,
    "mediumint": mysql.MEDIUMINT,
    "int": mysql.INTEGER,
    "bigint": mysql.BIGINT,
}
_EVERYWHERE: Mapping[str, Callable[[], TypeEngine[Any]]] = {
    "tinyint(1)": sa.Boolean,
    "smallint": sa.SmallInteger,
    "int": sa.Integer,
    "bigint": sa.BigInteger,
    "float": sa.Float,
    "double": sa.Double,
    "date": sa.Date,
    "datetime": sa.DateTime,
    "time": sa.Time,
    "timestamp": sa.TIMESTAMP,
    "blob": sa.LargeBinary,
    "json": sa.JSON,
    "uuid": sa.UUID,
    "year(4)": mysql.YEAR,
    "year": mysql.YEAR,
    "tinyblob": mysql.TINYBLOB,
    "mediumblob": mysql.MEDIUMBLOB,
    "longblob": mysql.LONGBLOB,
}
_TEXTS: Mapping[str, Callable[..., TypeEngine[Any]]] = {
    "varchar": sa.String,
    "char": sa.CHAR,
    "text": sa.Text,
    "tinytext": mysql.TINYTEXT,
    "mediumtext": mysql.MEDIUMTEXT,
    "longtext": mysql.LONGTEXT,
}
_MOMENTS: Mapping[str, Callable[..., TypeEngine[Any]]] = {
    "datetime": mysql.DATETIME,
    "timestamp": mysql.TIMESTAMP,
    "time": mysql.TIME,
}
_PARTS: Mapping[str, Callable[..., TypeEngine[Any]]] = {
    "float": mysql.FLOAT,
    "double": mysql.DOUBLE,
    "decimal": mysql.DECIMAL,
    "bit": mysql.BIT,
}
_PARTS_EVERYWHERE: Mapping[str, Callable[..., TypeEngine[Any]]] = {
    "decimal": sa.Numeric,
    "varbinary": sa.VARBINARY,
    "binary": sa.BINARY,
}


def type_of(told: str, collation: str | None, dialect: Dialect) -> TypeEngine[Any]:
    """Return the type that a column has.

    Those that SQLAlchemy knows on every server come first, `sa.String()` and not
    `mysql.VARCHAR()`.

    Args:
        told: The type, as the server writes it.
        collation: The collation; None for that of the table.
        dialect: Of the server.
    """
    found = _of_labels(told, collation) or _of_text(told, collation) or _other(told)
    if found is None or (told == "uuid" and found.compile(dialect=dialect) != "UUID"):
        return Declared(told if collation is None else f"{told} COLLATE {collation}")
    return found


def labels_of(told: str) -> tuple[str, ...]:
    r"""Return the values that an ENUM or a SET has; none of another type.

    >>> labels_of(r"enum('it''s','a\\b')")
    ("it's", 'a\\b')
    """
    found = _LABELS.fullmatch(told)
    return texts_of(found["labels"]) if found else ()


def texts_of(sql: str) -> tuple[str, ...]:
    """Return the texts in what the server writes, without their quotes."""
    return tuple(map(_unquoted, _LABEL.findall(sql)))


def _unquoted(label: str) -> str:
    doubled = label.replace("''", "'")
    return re.sub(r"\\(.)", lambda one: _ESCAPES.get(one[1], one[1]), doubled, flags=re.DOTALL)


def _of_labels(told: str, collation: str | None) -> TypeEngine[Any] | None:
    labels = labels_of(told)
    if not labels:
        return None
    if told.startswith("set"):
        return mysql.SET(*labels, collation=collation)
    return sa.Enum(*labels) if collation is None else mysql.ENUM(*labels, collation=collation)


def _of_text(told: str, collation: str | None) -> TypeEngine[Any] | None:
    found = _TOLD.fullmatch(told)
    make = _TEXTS.get(found["name"]) if found else None
    if found is None or make is None:
        return None
    options: dict[str, Any] = {"length": int(found["numbers"])} if found["numbers"] else {}
    return make(**options, collation=collation) if collation else make(**options)


def _other(told: str) -> TypeEngine[Any] | None:
    found = _TOLD.fullmatch(told)
    if found is None:
        return None
    name = found["name"]
    numbers = [int(one) for one in (found["numbers"] or "").split(",") if one]
    signs = {one: True for one in ("unsigned", "zerofill") if found[one]}
    if name in _WHOLE:
        return _whole(told, name, numbers, signs)
    if told in _EVERYWHERE:
        return _EVERYWHERE[told]()
    if name in _MOMENTS and len(numbers) == 1:
        return _MOMENTS[name](fsp=numbers[0])
    make = _PARTS.get(name) if signs else _PARTS_EVERYWHERE.get(name, _PARTS.get(name))
    return make(*numbers, **signs) if make is not None else None


def _whole(told: str, name: str, numbers: list[int], signs: Mapping[str, bool]) -> TypeEngine[Any]:
    """Return the type of whole numbers; the width that it has anyway is left out."""
    usual = _WIDTHS[name][bool(signs)]
    width = {"display_width": numbers[0]} if numbers and numbers[0] != usual else {}
    plain = _EVERYWHERE.get(told if width else name)
    if plain is not None and not signs:
        return plain()
    return _WHOLE[name](**width, **signs)
