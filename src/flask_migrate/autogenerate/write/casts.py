"""Which changes of a type PostgreSQL makes by itself, and what to say for the others. Pure."""

import re

_FAMILIES = (
    frozenset({"character varying", "character", "text", "bpchar", "name"}),
    frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"}),
    frozenset({"date", "timestamp without time zone", "timestamp with time zone"}),
    frozenset({"time without time zone", "time with time zone", "interval"}),
    frozenset({"json", "jsonb"}),
    frozenset({"bit", "bit varying"}),
    frozenset({"inet", "cidr"}),
    frozenset({"macaddr", "macaddr8"}),
)
_TEXTS = _FAMILIES[0]
_COMPARABLE = ({"smallint", "integer", "bigint"}, {"character varying", "text"})
_PARAMETERS = re.compile(r"\([^)]*\)")


def using(before: str, after: str, column: str) -> str | None:
    """Return what USING has to say so that a column gets another type, or None for nothing.

    The server converts by itself what an assignment would convert: see "CREATE CAST" in
    its documentation.

    Args:
        before: The type, as the server writes it.
        after: The new type, likewise.
        column: The column, quoted.

    >>> using("character varying(20)", "text", "name")
    >>> using("character varying(20)", "integer", "age")
    'age::integer'
    >>> using("status", "state", "status")
    'status::text::state'
    >>> using("timestamp with time zone", "integer", "seen")
    'seen::text::integer'
    """
    old, new = base(before), base(after)
    if old == "inet" and new in _TEXTS:
        # A cast says the length of the network, even that of a single host.
        return f"abbrev({column})"
    if old == new or _are_assigned(old, new):
        return None
    if _have_cast(old, new):
        return f"{column}::{after}"
    # There is no cast, and every type has its text: rows that have others refuse the change.
    return f"{column}::text{'[]' if old.endswith('[]') and new.endswith('[]') else ''}::{after}"


def are_comparable(before: str, after: str) -> bool:
    """Return whether a foreign key may have one type at one end, and the other at the other.

    >>> are_comparable("integer", "bigint")
    True
    >>> are_comparable("integer", "text")
    False
    """
    ends = {base(before), base(after)}
    return len(ends) == 1 or any(ends <= family for family in _COMPARABLE)


def base(type_: str) -> str:
    """Return a type without its parameters.

    >>> base("timestamp(3) without time zone")
    'timestamp without time zone'
    """
    return " ".join(_PARAMETERS.sub("", type_).split())


_CASTS = (
    {"boolean", "integer"},
    {"money", "numeric", "integer", "bigint"},
    {"bit", "integer", "bigint"},
)


def _have_cast(old: str, new: str) -> bool:
    """Return whether the server has a cast that is better than one by way of the text."""
    ends = {old, new}
    is_range = old.endswith("range") and old.removesuffix("range") + "multirange" == new
    return bool(ends & _TEXTS) or is_range or any(ends <= casts for casts in _CASTS)


def _are_assigned(old: str, new: str) -> bool:
    if new in _TEXTS:
        return not old.endswith("[]") or new in {"text", "character varying"}
    family = _family(old)
    return family is not None and new in family


def _family(type_: str) -> frozenset[str] | None:
    return next((one for one in _FAMILIES if type_ in one), None)
