"""The databases that are read, and what they are called in a snapshot."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from flask_migrate.values.schema import Name

_NAME = r"(?:`(?:[^`]|``)*`|\"(?:[^\"]|\"\")*\")"
_CHAIN = re.compile(
    rf"(?P<first>{_NAME})\.(?P<rest>(?P<second>{_NAME})(?P<third>\.{_NAME}|\()?)"
    r"|'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\"|`(?:[^`]|``)*`",
    re.DOTALL,
)
_ALIAS = re.compile(rf"\s+(?:as\s+)?(?P<alias>{_NAME})", re.IGNORECASE)
_HERE = "SELECT DATABASE() AS name, @@lower_case_table_names = 1 AS is_folded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The databases that are read, and what they are called in a snapshot.

    Attributes:
        databases: Those that are read.
        schemas: The schema that stands for each database, "" for the default one. A scratch
            database has that of the one whose part it plays.
        things: The tables, views and sequences, each with its database.
    """

    databases: tuple[str, ...]
    schemas: Mapping[str, str]
    things: frozenset[tuple[str, str]] = frozenset()

    def schema(self, database: str) -> str:
        """Return the schema that a database is."""
        return self.schemas.get(database, database)

    def name(self, database: str, name: str) -> Name:
        """Return the name of what is in a database."""
        return Name(self.schema(database), name)

    def shorten(self, sql: str) -> str:
        """Return text of the server with schemas in place of databases.

        What is no thing of a database is a column, of a table that is called like the database.

        >>> places = Places(
        ...     databases=("shop",), schemas={"shop": ""}, things=frozenset({("shop", "ids")})
        ... )
        >>> places.shorten("nextval(`shop`.`ids`) + `other`.`f`() + '`shop`.`ids`'")
        "nextval(`ids`) + `other`.`f`() + '`shop`.`ids`'"
        >>> places.shorten("`shop`.`id` + `shop`.`users`.`id`")
        '`shop`.`id` + `users`.`id`'
        """
        return _CHAIN.sub(self._shortened, sql) if "." in sql else sql

    def read(self, sql: str) -> frozenset[tuple[Name, str]]:
        """Return the tables and columns that a query of the server reads.

        It writes every column out, with its table or the other name of that. A table of which
        it reads no column at all has "" for one.

        >>> places = Places(
        ...     databases=("shop",), schemas={"shop": ""}, things=frozenset({("shop", "users")})
        ... )
        >>> sorted(column for _, column in places.read(
        ...     "select `u`.`id` AS `id` from `shop`.`users` `u` where `u`.`age` > 1"
        ... ))
        ['age', 'id']
        """
        chains = [one for one in _CHAIN.finditer(sql) if one["first"]]
        tables = [one for one in chains if self._is_thing(one)]
        others: dict[str, set[Name]] = {}
        for one in tables:
            alias = _ALIAS.match(sql, one.end())
            called = alias["alias"] if alias else one["second"]
            others.setdefault(unquote(called), set()).add(self._thing(one))
        read = {(self._thing(one), unquote(one["third"][1:])) for one in tables if one["third"]}
        for one in chains:
            for table in others.get(unquote(one["first"]), ()):
                read.add((table, unquote(one["second"])))
        known = {table for table, _ in read}
        return frozenset(
            read | {(table, "") for table in map(self._thing, tables) if table not in known}
        )

    def _thing(self, found: re.Match[str]) -> Name:
        return self.name(unquote(found["first"]), unquote(found["second"]))

    def _shortened(self, found: re.Match[str]) -> str:
        schema = self.schemas.get(unquote(found["first"])) if found["first"] else None
        if schema is None or not (found["third"] or self._is_thing(found)):
            return found.group()
        return f"{quote(schema)}.{found['rest']}" if schema else found["rest"]

    def _is_thing(self, found: re.Match[str]) -> bool:
        return (unquote(found["first"]), unquote(found["second"])) in self.things


def places_of(connection: Connection, schemas: Collection[str]) -> Places:
    """Return the places that some schemas are.

    The database that the connection uses is "", even if it is asked for by its name as well.

    Args:
        connection: To the server.
        schemas: Databases; "" for the one that the connection uses, if it uses one.
    """
    here = connection.execute(text(_HERE)).one()
    found = {one.lower() if here.is_folded else one: one for one in schemas if one}
    if here.name is not None and ("" in schemas or here.name in found):
        found[here.name] = ""
    return Places(databases=tuple(found), schemas=found)


def quote(name: str) -> str:
    """Return a name as these servers quote it.

    >>> quote("a`b")
    '`a``b`'
    """
    return "`" + name.replace("`", "``") + "`"


def unquote(name: str) -> str:
    """Return what is quoted."""
    mark = name[0]
    return name[1:-1].replace(mark * 2, mark)


def literal(value: str) -> str:
    """Return text as a literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
