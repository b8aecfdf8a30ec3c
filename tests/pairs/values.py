"""Values of types, and what becomes of them when a column gets another one."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from tests.pairs.models import Default, Unknown


class Unfit(Exception):
    """A value that another type does not take, or not in a way that we know."""


_NAIVE = tuple(dt.datetime(2024, 1, day, 12, 30, 45) for day in (1, 2, 3, 4))  # noqa: DTZ001
VALUES = {
    "whole": (1, 2, 3, 0, 5, 7, 100, -1, 127, 32767, -32768, 2**31 - 1, 2**63 - 1),
    "text": ("a", "b", "c", "", "it's", "100%", "a:b", "back\\slash", "7", "two\nlines", "grün"),
    "decimal": (*(Decimal(one) for one in ("1", "2", "-3", "0", "1.25", "999999")),),
    "float": (1.0, 2.0, 0.5, -1.25, 1024.0),
    "truth": (True, False),
    "day": (*(one.date() for one in _NAIVE), dt.date(1970, 1, 1)),
    "moment": (*_NAIVE, dt.datetime(2024, 2, 29)),  # noqa: DTZ001
    "moment with zone": tuple(one.replace(tzinfo=dt.UTC) for one in _NAIVE),
    "time": (dt.time(12, 30), dt.time(0, 0), dt.time(23, 59, 59)),
    "uuid": (UUID(int=1), UUID(int=2), UUID(int=2**100)),
    "uuid in text": (UUID(int=1), UUID(int=2), UUID(int=2**100)),
    "bytes": (b"a", b"", b"\x00\xff", b"it's"),
    "document": ({"a": 1}, [], "text", {"b": [1, None, "it's"]}),
    "span": (dt.timedelta(days=2, hours=3), dt.timedelta(0), dt.timedelta(hours=1)),
    "wholes": ([1, 2], [], [3]),
    "texts": (["a", "b"], [], ["it's"]),
    "address": (),
    "mac": ("08:00:2b:01:02:03",),
    "range": (),
    "words": (),
    "bits": ("1010", "1"),
    "year": (2024, 1999),
    "set": ({"a"}, {"a", "c"}),
}
"""Values of each family, those that fit nearly everywhere first."""


def values(type_):
    """Return values that a type takes."""
    if type_.family == "enum":
        return type_.limit
    return tuple(one for one in VALUES[type_.family] if fits(type_, one))


def fits(type_, value):
    """Return whether a type takes a value of its family."""
    if value is None or type_.limit is None:
        return True
    match type_.family:
        case "whole":
            return type_.limit[0] <= value <= type_.limit[1]
        case "text":
            return len(value) <= type_.limit
        case "decimal":
            size, digits = type_.limit
            return abs(value) < size and round(value, digits) == value
        case "enum":
            return value in type_.limit
    return True


def carried(value, old, new):
    """Return what a value is when its column gets another type.

    Raises:
        Unfit: The new type does not take it.
    """
    if value is None:
        return value
    made = value if old.family == new.family else _converted(value, old, new)
    if not fits(new, made):
        raise Unfit
    return made


def _converted(value, old, new):
    convert = _CONVERSIONS.get((old.family, new.family))
    if convert is None:
        raise Unfit
    try:
        return convert(value)
    except (ValueError, ArithmeticError) as error:
        raise Unfit from error


def _whole(value):
    if value != int(value):
        raise ValueError
    return int(value)


_CONVERSIONS = {
    ("whole", "text"): str,
    ("whole", "decimal"): Decimal,
    ("whole", "float"): float,
    ("decimal", "float"): float,
    ("decimal", "whole"): _whole,
    ("text", "whole"): lambda one: _whole(Decimal(one)),
    ("float", "decimal"): Decimal,
    ("enum", "text"): str,
    ("text", "enum"): str,
    ("enum", "enum"): str,
    ("moment", "moment with zone"): lambda one: one.replace(tzinfo=dt.UTC),
    ("moment with zone", "moment"): lambda one: one.replace(tzinfo=None),
}


def _texts(*values):
    return {repr(one): one for one in values}


_DEFAULTS = {
    "whole": {"'0'": 0, "sa.text('7')": 7, "'-1'": -1, "sa.text('(1 + 2)')": 3, "'100'": 100},
    "text": {
        **_texts(
            "", "a", "it's", "100%", "a:b", "back\\slash", "two\nlines", 'say "hi"', "null", "7"
        ),
        "sa.text(\"'b'\")": "b",
    },
    "decimal": {"'0'": Decimal(0), "'1.25'": Decimal("1.25"), "sa.text('2')": Decimal(2)},
    "float": {"'0.5'": 0.5, "sa.text('1')": 1.0},
    "truth": {"sa.true()": True, "sa.false()": False},
    "day": {"'2024-02-29'": dt.date(2024, 2, 29)},
    "moment": {"'2024-02-29 12:30:00'": dt.datetime(2024, 2, 29, 12, 30)},  # noqa: DTZ001
    "moment with zone": {"sa.func.now()": Unknown},
    "time": {"'12:30:00'": dt.time(12, 30)},
    "uuid": {},
    "document": {"'{}'": {}},
    "wholes": {"'{}'": [], "'{1,2}'": [1, 2]},
    "texts": {"'{}'": []},
}
_UNKNOWN = {
    ("sqlite", "moment"): ("sa.func.now()", "sa.text('CURRENT_TIMESTAMP')"),
    ("postgresql", "moment"): ("sa.func.now()", "sa.text('CURRENT_TIMESTAMP')"),
    ("mariadb", "moment"): (
        "sa.func.now()",
        "sa.text('CURRENT_TIMESTAMP')",
        "sa.text('CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP')",
    ),
    ("postgresql", "day"): ("sa.func.current_date()",),
    ("sqlite", "day"): ("sa.text('CURRENT_DATE')",),
    ("mariadb", "day"): ("sa.text('(curdate())')",),
    ("postgresql", "uuid"): ("sa.text('gen_random_uuid()')",),
    ("sqlite", "text"): ("sa.text(\"('x' || 'y')\")", "sa.text(\"(lower('X'))\")"),
    ("postgresql", "text"): ("sa.text(\"('x' || 'y')\")", "sa.text(\"lower('X')\")"),
    ("mariadb", "text"): ("sa.text(\"(concat('x', 'y'))\")",),
}
_IN_PYTHON = {
    "whole": (Default(text="5", value=5),),
    "text": (Default(text='"it\'s"', value="it's"),),
    "truth": (Default(text="False", value=False), Default(text="True", value=True)),
    "decimal": (Default(text="3", value=Decimal(3)),),
}


def defaults(type_, dialect):
    """Return what may be the server default of a type."""
    if type_.family == "enum":
        return [Default(text=repr(one), value=one) for one in type_.limit]
    known = _DEFAULTS.get(type_.family, {}).items()
    found = [Default(text=text, value=value) for text, value in known]
    found += [Default(text=text) for text in _UNKNOWN.get((dialect, type_.family), ())]
    return [one for one in found if one.value is Unknown or fits(type_, one.value)]


def defaults_in_python(type_):
    """Return what may be the default in Python of a type."""
    return [one for one in _IN_PYTHON.get(type_.family, ()) if fits(type_, one.value)]
