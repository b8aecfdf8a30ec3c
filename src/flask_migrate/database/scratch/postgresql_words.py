"""Names of schemas in the statements and the texts of PostgreSQL, there and back. Pure."""

import re
from collections.abc import Iterable

from flask_migrate.database.scratch.postgresql_places import ScratchPlace
from flask_migrate.values.schema import Name

_PART = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_QUALIFIED = re.compile(rf"({_PART})\s*\.\s*({_PART})")
_TOKEN = re.compile(
    rf"""[eE]'(?:[^'\\]|''|\\.)*'
    |'(?P<literal>(?:[^']|'')*)'
    |\$(?P<tag>\w*)\$.*?\$(?P=tag)\$
    |(?P<qualified>{_PART}\s*\.\s*{_PART})
    |{_PART}""",
    re.DOTALL | re.VERBOSE,
)
# A literal beside one of these is a name, any other is what it is.
_NAMED_AFTER = re.compile(r"\b(?:nextval|currval|setval|to_reg\w+)\s*\(\s*$", re.IGNORECASE)
_NAMED_BEFORE = re.compile(r"\s*(?:::|AS\b)\s*reg(?:class|type)\b", re.IGNORECASE)
_PIECE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[^'"]+|.""", re.DOTALL)


class Words:
    """What schemas are called in a scratch place.

    Args:
        place: The scratch schemas.
        made: What is made there.

    Attributes:
        schemas: The schemas that something is made in, and the default one.
    """

    def __init__(self, place: ScratchPlace, made: Iterable[Name]) -> None:
        self._made = frozenset(map(place.real, made))
        self.schemas = {place.default, *(name.schema for name in self._made)}
        self._by_schema = {one.schema: one for one in place.stand_ins}
        self._by_name = {one.name: one for one in place.stand_ins}
        self._names = re.compile("|".join(rf"{one.name}\b" for one in place.stand_ins))

    def in_statement(self, sql: str) -> str:
        """Return a statement as it is to be run in the scratch place.

        What is made there is found there, and what is not, where it really is. But a table
        that a foreign key refers to is found there or nowhere: the real one would be locked.

        Args:
            sql: Where SQLAlchemy wrote the name of a schema, it is a scratch schema already.
        """

        def redirect(match: re.Match[str]) -> str:
            before = sql[: match.start()]
            if match["qualified"]:
                return match[0] if before.endswith("REFERENCES ") else self._redirected(match[0])
            literal = (match["literal"] or "").replace("''", "'")
            is_name = _NAMED_AFTER.search(before) or _NAMED_BEFORE.match(sql, match.end())
            if is_name and _QUALIFIED.fullmatch(literal):
                return "'" + self._redirected(literal).replace("'", "''") + "'"
            return match[0]

        return _TOKEN.sub(redirect, sql)

    def _redirected(self, qualified: str) -> str:
        match = _QUALIFIED.fullmatch(qualified)
        assert match is not None  # noqa: S101  (it has been found by the same pattern)
        schema, name = map(_folded, match.groups())
        if schema in self._by_schema and Name(schema, name) in self._made:
            return f"{self._by_schema[schema].name}.{match[2]}"
        place = self._by_name.get(schema)
        if place and Name(place.schema, name) not in self._made:
            return f"{place.quoted}.{match[2]}"
        return qualified

    def in_text(self, text: str) -> str:
        """Return what the server says of the scratch place as it would of the real one.

        Args:
            text: Names a schema in the way of SQL, or is nothing but the name of one.
        """
        if text in self._by_name:
            return self._by_name[text].schema
        if not self._names.search(text):
            return text
        return _PIECE.sub(lambda match: self._in_piece(match[0]), text)

    def in_message(self, text: str) -> str:
        """Return a message of the server's as somebody who knows no scratch place reads it."""
        return self._names.sub(lambda match: self._by_name[match[0]].quoted, text)

    def _in_piece(self, piece: str) -> str:
        def quoted(match: re.Match[str]) -> str:
            name = self._by_name[match[0]].quoted
            # In a literal, the quotes of a name would end it.
            return name.replace("'", "''") if piece.startswith("'") else name

        return self._names.sub(quoted, piece)


def _folded(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part.lower()
