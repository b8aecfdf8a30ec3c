"""Options of a table of MariaDB or MySQL: engine, collation, row format, partitions. Pure."""

from collections.abc import Iterator

from flask_migrate.autogenerate.differences import TableDifference
from flask_migrate.autogenerate.write.mysql.words import (
    changed_options,
    definition,
    has_text,
    index_definition,
)
from flask_migrate.database.scratch.mysql import COUNTED_TO
from flask_migrate.database.snapshots.mysql import made_by_foreign_keys
from flask_migrate.database.snapshots.mysql.places import quote
from flask_migrate.values.schema import Kind, Table

_DEFAULTS = {
    "engine": "ENGINE=InnoDB",
    "collate": "CHARACTER SET DEFAULT",
    "row_format": "ROW_FORMAT=DEFAULT",
    "key_block_size": "KEY_BLOCK_SIZE=0",
    "partition_by": "REMOVE PARTITIONING",
    "system_versioning": "DROP SYSTEM VERSIONING",
}
_SET = {
    "collate": "COLLATE {}",
    "partition_by": "PARTITION BY {}",
    "system_versioning": "ADD SYSTEM VERSIONING",
}
_LAST = ("partition_by", "system_versioning")


def option_clauses(difference: TableDifference) -> Iterator[list[str]]:
    """Yield the clauses of each ALTER TABLE that changes the options of a table.

    CONVERT would do more than is asked for: it makes TEXT longer, and changes columns that have
    a collation of their own.
    """
    before, after = difference.before, difference.after
    if before is None or after is None:
        return
    changed = dict(changed_options(before, after))
    if COUNTED_TO in changed:
        changed["auto_increment"] = (
            changed.get("auto_increment") or dict(before.options)[COUNTED_TO]
        )
        del changed[COUNTED_TO]
    clauses: list[str] = []
    for name in sorted(changed, key=lambda one: (one in _LAST, one)):
        clauses += _clause(name, changed[name])
        if name == "collate":
            clauses += [
                f"MODIFY COLUMN {definition(one)}" for one in after.columns if has_text(one)
            ]
    if "key_block_size" in changed:
        clauses += _keys_made_anew(difference, before, after)
    if clauses:
        yield clauses
    if "engine" in changed and dict(before.options).get("engine") == "Aria":
        # An engine that is left leaves this behind, until the next statement.
        yield ["PAGE_CHECKSUM=DEFAULT"]


def _keys_made_anew(difference: TableDifference, before: Table, after: Table) -> Iterator[str]:
    """Yield what lets keys have the size of their table: they keep that of their first day.

    What a foreign key has brought along need not be called as it is told here.
    """
    for key in after.of_kind(Kind.PRIMARY_KEY):
        yield "DROP PRIMARY KEY"
        yield f"ADD {key.definition}"
    made = [*before.indexes, *(one.after for one in difference.indexes)]
    unasked = made_by_foreign_keys(after)
    for index in after.indexes:
        if index in made and index.name not in unasked:
            yield f"DROP INDEX {quote(index.name)}"
            yield f"ADD {index_definition(index)}"


def recoded(difference: TableDifference) -> frozenset[str]:
    """Return the columns that are defined anew since their table gets another collation."""
    before, after = difference.before, difference.after
    if before is None or after is None or "collate" not in dict(changed_options(before, after)):
        return frozenset()
    there = {one.name for one in before.columns}
    return frozenset(one.name for one in after.columns if one.name in there and has_text(one))


def _clause(name: str, value: str | None) -> Iterator[str]:
    if value is not None:
        yield _SET.get(name, f"{name.upper()}={{}}").format(value)
    elif name != "auto_increment":
        yield _DEFAULTS.get(name, f"{name.upper()}=DEFAULT")
