"""What PostgreSQL calls storage parameters of a table, and what else is said of it."""

from collections.abc import Iterator

from flask_migrate.autogenerate.differences import TableDifference
from flask_migrate.autogenerate.operations import RunSQL, Said
from flask_migrate.autogenerate.write.remarks import not_partitioned
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Options, Table

_WITH = "with."
_MOVES = {
    "using": ("SET ACCESS METHOD", "heap"),
    "tablespace": ("SET TABLESPACE", "pg_default"),
}


def changed_options(difference: TableDifference, server: Server) -> Iterator[RunSQL | Said]:
    """Yield what changes the options of a table; that it is to have partitions is only said."""
    before, after = difference.before, difference.after
    assert before is not None  # noqa: S101  (it is on both sides)
    assert after is not None  # noqa: S101  (the same)
    table = f"ALTER TABLE {server.quoted(after.name)}"
    old, new = dict(before.options), dict(after.options)
    yield from changed_storage(before.options, after, server)
    if ("unlogged" in old) != ("unlogged" in new):
        yield RunSQL(f"{table} SET {'UNLOGGED' if 'unlogged' in new else 'LOGGED'}")
    yield from (RunSQL(f"{table} {one}") for one in _parents(before, after))
    for name, (words, usual) in _MOVES.items():
        if old.get(name) != new.get(name):
            yield RunSQL(f"{table} {words} {server.quote(new.get(name, usual))}")
    if old.get("partition_by") != new.get("partition_by"):
        yield Said(after.name, not_partitioned(after.name))


def changed_storage(before: Options, after: Table, server: Server) -> Iterator[RunSQL]:
    """Yield what changes the storage parameters of a table.

    Args:
        before: The options that it has.
        after: The table as it is to be.
        server: Quotes names.
    """
    table = f"ALTER TABLE {server.quoted(after.name)}"
    yield from (RunSQL(f"{table} {one}") for one in _storage(before, after.options))


def _storage(before: Options, after: Options) -> Iterator[str]:
    old = {name.removeprefix(_WITH): one for name, one in before if name.startswith(_WITH)}
    new = {name.removeprefix(_WITH): one for name, one in after if name.startswith(_WITH)}
    changed = [f"{name} = {value}" for name, value in new.items() if old.get(name) != value]
    if changed:
        yield f"SET ({', '.join(changed)})"
    gone = sorted(old.keys() - new.keys())
    if gone:
        yield f"RESET ({', '.join(gone)})"


def _parents(before: Table, after: Table) -> Iterator[str]:
    old, new = (dict(one.options).get("inherits", "").split(", ") for one in (before, after))
    yield from (f"NO INHERIT {one}" for one in old if one and one not in new)
    yield from (f"INHERIT {one}" for one in new if one and one not in old)
