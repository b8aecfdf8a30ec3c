"""What is particular to MariaDB and MySQL when columns, sequences and keys change."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from alembic.operations import ops

from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.autogenerate.operations import (
    AddColumn,
    AlterColumn,
    DropColumn,
    Rename,
    RunSQL,
)
from flask_migrate.autogenerate.sides import Side
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write.bare import bare_column, bare_type
from flask_migrate.autogenerate.write.mysql.counted import keys_as_called
from flask_migrate.autogenerate.write.mysql.settle import settle
from flask_migrate.autogenerate.write.mysql.sides import CountedSide
from flask_migrate.autogenerate.write.mysql.words import (
    alter,
    changed_options,
    definition,
    needs_text_between,
)
from flask_migrate.autogenerate.write.remarks import labels_refuse
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.database.models.mysql_types import labels_of
from flask_migrate.database.snapshots.mysql.constraints import qualified
from flask_migrate.database.snapshots.mysql.places import quote
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import (
    Code,
    Column,
    Constraint,
    Index,
    Kind,
    Name,
    Sequence,
    Snapshot,
    Table,
)

_ON_UPDATE = " ON UPDATE "
_OPTIONS_OF_KEYS = frozenset({"engine", "collate"})
_FOLLOWS = re.compile(r"(?<= FOR EACH ROW )FOLLOWS `(?:[^`]|``)*` ")
_WORDS = {
    "start": "START WITH",
    "increment": "INCREMENT BY",
    "minvalue": "MINVALUE",
    "maxvalue": "MAXVALUE",
    "cache": "CACHE",
}
_USUAL = {
    "increment": "INCREMENT BY 1",
    "minvalue": "NO MINVALUE",
    "maxvalue": "NO MAXVALUE",
    "cache": "CACHE 1000",
    "cycle": "NOCYCLE",
}


class MySQL(Server):
    """MariaDB 10.6 or newer, MySQL 8 or newer."""

    def is_same_code(self, before: Code, after: Code) -> bool:
        """Return whether nothing differs but after which trigger a trigger runs.

        That one may be none of the models, and then it is not in the scratch place.
        """
        definitions = {_FOLLOWS.sub("", one.definition, count=1) for one in (before, after)}
        return len(definitions) == 1

    def replaces(self, before: Code, after: Code) -> bool:  # noqa: ARG002  (of use to others)
        """Return whether the server takes OR REPLACE: MySQL takes it for views only."""
        return after.kind == "view" or bool(getattr(self.dialect, "is_mariadb", False))

    def side(self, side: Side) -> Side:
        """Return a side that finds what the server calls by names of its own."""
        return CountedSide(snapshot=side.snapshot, tables=side.tables, dialect=self.dialect)

    def called_as_there(self, database: Snapshot, models: Snapshot) -> Snapshot:
        """Return the models with the names that the server has given to their foreign keys."""
        return keys_as_called(database, models)

    def settle(self, differences: Differences, before: Side, after: Side) -> Differences:  # noqa: ARG002
        """Return the differences without those that are only the server's doing."""
        return settle(differences, after)

    def prepared(
        self,
        differences: Differences,
        before: Snapshot,  # noqa: ARG002  (of use to others)
        after: Snapshot,  # noqa: ARG002  (the same)
    ) -> Differences:
        """Return differences with the indexes of columns that go and come again."""
        tables = tuple(map(self._with_indexes, differences.tables))
        return replace(differences, tables=tables)

    def _with_indexes(self, difference: TableDifference) -> TableDifference:
        anew = {
            one.after.name
            for one in difference.columns
            if one.before and one.after and self._goes_and_comes(one.before, one.after)
        }
        if difference.before is None or difference.after is None or not anew:
            return difference
        known = {one.before for one in difference.indexes}
        more = (
            Difference(before=index, after=index)
            for index in difference.before.indexes
            if index not in known and index in difference.after.indexes
            if anew.intersection(index.columns)
        )
        return replace(difference, indexes=(*difference.indexes, *more))

    def _goes_and_comes(self, before: Column, after: Column) -> bool:
        was_virtual = before.computed is not None and not before.computed.is_stored
        return self.makes_anew(before, after) or (was_virtual and after.computed is None)

    def first(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:  # noqa: ARG002
        """Yield what comes before the tables: databases, and sequences.

        A database that is left empty stays: dropping one would take along whatever others
        have made there.
        """
        for schema in differences.schemas:
            if schema.after:
                yield RunSQL(escaped(f"CREATE SCHEMA IF NOT EXISTS {quote(schema.after)}"))
        for one in differences.sequences:
            if one.after is not None:
                yield RunSQL(_sequence(one.before, one.after))

    def last(self, differences: Differences, before: Side, after: Side) -> Iterator[Any]:  # noqa: ARG002
        """Yield what comes after the tables: sequences go that no default needs any more."""
        for one in differences.sequences:
            if one.after is None and one.before is not None:
                yield RunSQL(escaped(f"DROP SEQUENCE {qualified(one.before.name)}"))

    def is_in_the_way(
        self, key: Constraint, owner: TableDifference | None, target: TableDifference | None
    ) -> bool:
        """Return whether the server refuses to change tables while a foreign key is there."""
        ends = [(owner, key.columns), (target, key.target_columns)]
        return (
            super().is_in_the_way(key, owner, target)
            or _is_key_changed(key, target)
            or _loses_primary_key(key, owner)
            or _loses_unique_with_column(key, owner)
            or any(_has_other_values(one, columns) for one, columns in ends)
        )

    def drops_alone(self, index: Index, table: Table) -> bool:
        """Return whether an index can go before its table does: no foreign key needs it."""
        return not any(serves(index, key) for key in table.of_kind(Kind.FOREIGN_KEY))

    def rename(
        self, table: Name, before: Constraint | Index, after: Constraint | Index
    ) -> list[RunSQL] | None:
        """Return what gives an index another name: nothing does that to a constraint."""
        if not isinstance(before, Index) or before.comment != after.comment:
            return None
        old, new = before.name, str(after.name)
        action = f"RENAME INDEX {quote(old)} TO {quote(new)}"
        return [Rename(str(alter(table, [action]).sqltext), table, old=old, new=new)]

    def shares_names(self, part: Constraint | Index) -> bool:
        """Return whether no two tables can have such a part of the same name."""
        kinds = {Kind.FOREIGN_KEY}
        if not getattr(self.dialect, "is_mariadb", False):
            kinds.add(Kind.CHECK)
        return isinstance(part, Constraint) and part.kind in kinds

    def required(self, table: Name, column: str) -> Problem:
        """Return what is said of a new column that is NOT NULL and has no default."""
        return Problem(
            code="rows-get-zero",
            message=f"The rows of {table} get the zero of its type as {column}: 0, '', the first "
            "label.",
            hint="Give it a server_default, or a default that is a plain value, and generate "
            "again.",
        )

    def after_creation(self, table: Table, side: Side) -> Iterator[Any]:  # noqa: ARG002
        """Yield what a table lacks that Alembic has just made."""
        columns = [f"MODIFY COLUMN {definition(one)}" for one in table.columns if one.options]
        if columns:
            yield alter(table.name, columns)
        if "system_versioning" in dict(table.options):
            yield alter(table.name, ["ADD SYSTEM VERSIONING"])

    def makes_anew(self, before: Column, after: Column) -> bool:
        """Return whether a column must go and come again, since its values are computed anew."""
        old, new = before.computed, after.computed
        if new is None or old == new:
            return False
        return old.is_stored != new.is_stored if old is not None else not new.is_stored

    def as_added(self, column: sa.Column[Any]) -> sa.Column[Any]:
        """Return a column whose CHECK is left to the constraints: Alembic would add it too."""
        return bare_column(column, self.dialect)

    def changes_with_row(self, column: Column) -> bool:
        """Return whether the server sets a column whenever its row changes."""
        return _ON_UPDATE in (column.default or "")

    def change(
        self,
        table: Name,
        difference: Difference[Column],
        old: sa.Column[Any],
        new: sa.Column[Any],
    ) -> AlterColumn:
        """Return all changes of a column, its CHECK left to the constraints."""
        change = super().change(table, difference, old, new)
        change.existing_type = bare_type(change.existing_type, self.dialect)
        change.modify_type = bare_type(change.modify_type, self.dialect)
        if isinstance(change.existing_server_default, sa.Identity):
            change.existing_server_default = False  # Alembic refuses what the server has not
        return change

    def add(self, table: Name, column: Column, model: sa.Column[Any]) -> Iterator[Any]:
        """Yield what adds a column, with all that Alembic does not say of one."""
        if column.options or column.is_numbered:
            yield alter(table, [f"ADD COLUMN {definition(column)}"])
        else:
            yield AddColumn(table.name, model, schema=table.schema or None)

    def alter(
        self,
        table: Name,
        difference: Difference[Column],
        old: sa.Column[Any],
        new: sa.Column[Any],
    ) -> Iterator[Any]:
        """Yield what changes a column: a new definition, where Alembic's would not be all of it."""
        before, after = difference.before, difference.after
        assert before is not None  # noqa: S101  (it is on both sides)
        assert after is not None  # noqa: S101  (the same)
        if before.computed and not before.computed.is_stored and not after.computed:
            yield from self._store(table, before, old)
        if needs_text_between(before.type, after.type):
            yield alter(table, [f"MODIFY COLUMN {definition(_as_text(before))}"])
        if before.options or after.options or before.computed or after.computed:
            change: RunSQL | AlterColumn = alter(table, [f"MODIFY COLUMN {definition(after)}"])
            if before.nullable and not after.nullable:
                change.modify_nullable = False
        else:
            change = self._alter_column(table, difference, old, new)
        change.remark = _lost_labels(table, before, after)
        yield change

    def _store(self, table: Name, column: Column, model: sa.Column[Any]) -> Iterator[Any]:
        """Yield what makes a computed column keep its values: it can be made plain then."""
        assert column.computed is not None  # noqa: S101  (it is computed)
        kept = replace(column, computed=replace(column.computed, is_stored=True))
        schema = table.schema or None
        back = ops.AddColumnOp(table.name, model, schema=schema)
        yield DropColumn(table.name, column.name, schema=schema, _reverse=back)
        yield alter(table, [f"ADD COLUMN {definition(kept)}"])

    def _alter_column(
        self,
        table: Name,
        difference: Difference[Column],
        old: sa.Column[Any],
        new: sa.Column[Any],
    ) -> AlterColumn:
        before, after = difference.before, difference.after
        assert before is not None  # noqa: S101  (it is on both sides)
        assert after is not None  # noqa: S101  (the same)
        change = self.change(table, difference, old, new)
        if change.modify_server_default is None and after.default is not None:
            change.modify_server_default = sa.DefaultClause(sa.text(escaped(after.default)))
        keeps_on_update = after.default is None and _ON_UPDATE in (before.default or "")
        if keeps_on_update and change.modify_type is None:
            change.modify_type = new.type
        if before.is_numbered != after.is_numbered:
            change.also = {"autoincrement": after.is_numbered}
        elif after.is_numbered:
            change.also = {"existing_autoincrement": True}
        return change


def _as_text(column: Column) -> Column:
    return Column(name=column.name, type="varchar(255)", nullable=True, comment=column.comment)


def serves(index: Index | Constraint, key: Constraint) -> bool:
    """Return whether a foreign key can use an index, or the primary key."""
    return index.columns[: len(key.columns)] == key.columns


def _loses_primary_key(key: Constraint, owner: TableDifference | None) -> bool:
    """Return whether the primary key goes that serves a foreign key of the same table."""
    if owner is None or owner.before is None or owner.after is None:
        return False
    gone = (one.before for one in owner.constraints if one.before is not None)
    return any(one.kind is Kind.PRIMARY_KEY and serves(one, key) for one in gone)


def _loses_unique_with_column(key: Constraint, owner: TableDifference | None) -> bool:
    """Return whether a unique index that serves a foreign key must go before one of its columns."""
    if owner is None or owner.before is None or owner.after is None:
        return False
    lost = {one.before.name for one in owner.columns if one.before and one.after is None}
    gone = (one.before for one in owner.indexes if one.before is not None)
    return any(
        one.is_unique and serves(one, key) and lost.intersection(one.columns) for one in gone
    )


def _is_key_changed(key: Constraint, target: TableDifference | None) -> bool:
    """Return whether the key or the index changes that a foreign key refers to."""
    if target is None or target.before is None or target.after is None:
        return False
    parts: list[Constraint | Index | None] = []
    for keys in (target.constraints, target.indexes):
        parts += [part for one in keys for part in (one.before, one.after)]
    count = len(key.target_columns)
    return any(
        set(part.columns[:count]) == set(key.target_columns)
        for part in parts
        if part is not None and not (isinstance(part, Constraint) and part.target is not None)
    )


def _has_other_values(table: TableDifference | None, columns: tuple[str, ...]) -> bool:
    """Return whether columns get another type, or their table another engine or collation."""
    if table is None or table.before is None or table.after is None:
        return False
    options = {name for name, _ in changed_options(table.before, table.after)}
    return bool(options & _OPTIONS_OF_KEYS) or any(
        one.before is not None
        and one.after is not None
        and one.after.name in columns
        and (one.before.type, one.before.collation, one.before.is_numbered)
        != (one.after.type, one.after.collation, one.after.is_numbered)
        for one in table.columns
    )


def _lost_labels(table: Name, before: Column, after: Column) -> Problem | None:
    labels = labels_of(after.type)
    gone = [one for one in labels_of(before.type) if labels and one not in labels]
    return labels_refuse(table, gone) if gone else None


def _sequence(before: Sequence | None, after: Sequence) -> str:
    """Return the statement that makes a sequence, or changes it."""
    options = dict(after.options)
    words = [f"{_WORDS[name]} {value}" for name, value in options.items() if name in _WORDS]
    words += ["CYCLE"] if options.get("cycle") == "1" else []
    if before is None:
        return escaped(" ".join([f"CREATE SEQUENCE {qualified(after.name)}", *words]))
    gone = dict(before.options).keys() - options.keys()
    words += [usual for name, usual in _USUAL.items() if name in gone]
    words += [f"START WITH {_usual_start(options)}"] if "start" in gone else []
    return escaped(" ".join([f"ALTER SEQUENCE {qualified(after.name)}", *words]))


def _usual_start(options: Mapping[str, str]) -> str:
    """Return where a sequence starts that is not told."""
    if int(options.get("increment", "1")) < 0:
        return options.get("maxvalue", "-1")
    return options.get("minvalue", "1")
