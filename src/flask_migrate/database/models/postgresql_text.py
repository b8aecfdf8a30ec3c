r"""Expressions of PostgreSQL, so that the server writes again what it wrote. Pure.

It pushes a cast of an array down to the members when it reads one, and so does not understand
what it says itself of ``name IN ('a', 'b')``, if that is a ``varchar``.
"""

import re

_MEMBER = r"'(?:[^']|'')*'::character varying"
_MEMBERS = rf"(?P<members>{_MEMBER}(?:, {_MEMBER})*)"
_NAME = r'(?P<name>[^\W\d]\w*|"(?:[^"]|"")+")'
_IN = re.compile(
    rf"\(\({_NAME}\)::text (?P<how>= ANY|<> ALL) \(\(ARRAY\[{_MEMBERS}\]\)::text\[\]\)\)"
)
_ARRAY = re.compile(rf"\(ARRAY\[{_MEMBERS}\]\)::text\[\]")

# Without the word, the server takes the parts of an AND in an AND for its own.
_PART = r"[^\s()]*(?:\((?:[^()]|\([^()]*\))*\)[^\s()]*)*"
_BETWEEN = re.compile(
    rf"\(\((?P<what>{_PART}) >= (?P<low>{_PART})\) AND \((?P=what) <= (?P<high>{_PART})\)\)"
)
_OUTSIDE = re.compile(
    rf"\(\((?P<what>{_PART}) < (?P<low>{_PART})\) OR \((?P=what) > (?P<high>{_PART})\)\)"
)


def stable(sql: str) -> str:
    """Return an expression that the server understands as the one that it wrote.

    Args:
        sql: As the server writes it.

    >>> stable("((v)::text = ANY ((ARRAY['a'::character varying])::text[]))")
    "(v IN ('a'))"
    >>> stable("(((v >= 0) AND (v <= 9)) AND (w > 0))")
    '((v BETWEEN 0 AND 9) AND (w > 0))'
    """
    between = _OUTSIDE.sub(r"(\g<what> NOT BETWEEN \g<low> AND \g<high>)", sql)
    between = _BETWEEN.sub(r"(\g<what> BETWEEN \g<low> AND \g<high>)", between)
    return _ARRAY.sub(_cast_twice, _IN.sub(_listed, between))


def _listed(match: re.Match[str]) -> str:
    word = "IN" if match["how"] == "= ANY" else "NOT IN"
    members = re.sub(r"('(?:[^']|'')*')::character varying", r"\1", match["members"])
    return f"({match['name']} {word} ({members}))"


def _cast_twice(match: re.Match[str]) -> str:
    return f"((ARRAY[{match['members']}])::character varying[])::text[]"
