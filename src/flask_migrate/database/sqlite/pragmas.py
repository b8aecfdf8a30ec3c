"""What SQLite has understood of tables whose statements we do not: less than was written.

Nothing tells of CHECKs, of names, of what computes a column, of ON CONFLICT and DEFERRABLE.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_migrate.database.sqlite.canonical import (
    canonical_collation,
    canonical_default,
    canonical_name,
    canonical_type,
)
from flask_migrate.database.sqlite.catalog import Query
from flask_migrate.database.sqlite.constraints import ACTIONS, Rules, foreign_key, in_order
from flask_migrate.database.sqlite.terms import Known
from flask_migrate.database.sqlite.tokens import fold, literal, quote
from flask_migrate.values.schema import Column, Computed, Constraint, Index, Kind, Name, Table

_STORED = 3
"""What `hidden` is for a generated column that is stored."""
_COLUMNS = """
    SELECT m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
    FROM {master} AS m JOIN pragma_table_xinfo(m.name, {schema}) AS x
    WHERE m.type = 'table' AND m.name IN ({names}) ORDER BY m.name, x.cid
"""
_KEYS = """
    SELECT m.name, l.name, l.origin, x.name, x."desc", x.coll
    FROM {master} AS m JOIN pragma_index_list(m.name, {schema}) AS l
    JOIN pragma_index_xinfo(l.name, {schema}) AS x
    WHERE m.type = 'table' AND m.name IN ({names}) AND l.origin IN ('u', 'pk') AND x.key
    ORDER BY m.name, l.seq, x.seqno
"""
_FOREIGN_KEYS = """
    SELECT m.name, f.id, f."table", f."from", f."to", f.on_delete, f.on_update
    FROM {master} AS m JOIN pragma_foreign_key_list(m.name, {schema}) AS f
    WHERE m.type = 'table' AND m.name IN ({names}) ORDER BY m.name, f.id, f.seq
"""

Rows = Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What SQLite says of a table.

    Attributes:
        name: Its schema and name.
        columns: Name, type, whether it is NOT NULL, default, place in the key, and how hidden.
        keys: The parts of its UNIQUEs, and of its primary key if that is not the row's number.
        foreign_keys: The parts of its foreign keys.
    """

    name: Name
    columns: Rows
    keys: Rows
    foreign_keys: Rows

    @property
    def known(self) -> Known:
        """What the table is to its indexes, and to the foreign keys of others."""
        key = sorted((row for row in self.columns if row[4]), key=lambda row: row[4])
        return Known(
            name=self.name,
            columns={fold(row[0]): row[0] for row in self.columns},
            collations={},
            key=tuple(row[0] for row in key),
        )

    def table(self, parents: Mapping[str, Known], indexes: tuple[Index, ...]) -> Table:
        """Return the table, as far as SQLite tells.

        Args:
            parents: The tables that foreign keys can refer to, by their folded names.
            indexes: Its indexes.
        """
        rowid = None if any(row[1] == "pk" for row in self.keys) else self.known.key[:1]
        found = [*self._keys(), *self._foreign_keys(parents)]
        if rowid:
            found.append(_key(Kind.PRIMARY_KEY, rowid, ", ".join(map(canonical_name, rowid))))
        return Table(
            name=self.name,
            columns=tuple(_column(row, is_rowid=rowid == (row[0],)) for row in self.columns),
            constraints=in_order(found),
            indexes=indexes,
        )

    def _keys(self) -> Iterator[Constraint]:
        for index in dict.fromkeys(row[0] for row in self.keys):
            rows = [row for row in self.keys if row[0] == index]
            kind = Kind.PRIMARY_KEY if rows[0][1] == "pk" else Kind.UNIQUE
            yield _key(kind, [row[2] for row in rows], ", ".join(map(_part, rows)))

    def _foreign_keys(self, parents: Mapping[str, Known]) -> Iterator[Constraint]:
        for number in dict.fromkeys(row[0] for row in self.foreign_keys):
            rows = [row for row in self.foreign_keys if row[0] == number]
            there = rows[0][1]
            yield foreign_key(
                self.known,
                parents.get(fold(there)),
                name=None,
                columns=[row[2] for row in rows],
                refers_to=(there, [row[3] for row in rows if row[3]]),
                rules=Rules(on_delete=_action(rows[0][4]), on_update=_action(rows[0][5])),
            )


def read_understood(query: Query, schema: str, tables: Mapping[str, Name]) -> dict[str, Understood]:
    """Ask what SQLite has understood of tables.

    Args:
        query: Returns the rows of a SELECT.
        schema: "main", "temp" or the name of an attached database.
        tables: What they are to be called, by their names.

    Returns:
        What it says, by the same names.
    """
    master = "sqlite_temp_master" if fold(schema) == "temp" else "sqlite_master"
    words = {
        "master": f"{quote(schema)}.{master}",
        "schema": literal(schema),
        "names": ", ".join(map(literal, tables)),
    }
    columns, keys, foreign = (
        _by_table(query(sql.format(**words))) for sql in (_COLUMNS, _KEYS, _FOREIGN_KEYS)
    )
    return {
        table: Understood(
            name=name,
            columns=columns.get(table, ()),
            keys=keys.get(table, ()),
            foreign_keys=foreign.get(table, ()),
        )
        for table, name in tables.items()
    }


def _by_table(rows: Rows) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for table, *row in rows:
        found.setdefault(table, []).append(row)
    return found


def _column(row: Sequence[Any], *, is_rowid: bool) -> Column:
    name, declared, not_null, default, _, hidden = row
    is_computed = hidden > 1
    return Column(
        name=name,
        type=canonical_type(declared),
        nullable=not not_null and not is_rowid,
        default=canonical_default(default) if default is not None else None,
        computed=Computed(expression="", is_stored=hidden == _STORED) if is_computed else None,
    )


def _key(kind: Kind, columns: Collection[str], text: str) -> Constraint:
    word = "PRIMARY KEY" if kind is Kind.PRIMARY_KEY else "UNIQUE"
    return Constraint(kind=kind, name=None, columns=tuple(columns), definition=f"{word} ({text})")


def _part(row: Sequence[Any]) -> str:
    _, _, column, is_descending, collation = row
    collated = canonical_collation(collation)
    words = [canonical_name(column), f"COLLATE {collated}" if collated else ""]
    return " ".join(filter(None, [*words, "DESC" if is_descending else ""]))


def _action(said: str) -> str:
    return said if said in ACTIONS else ""
