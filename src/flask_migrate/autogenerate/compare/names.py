"""Names for constraints that have none, the same on both sides for what is the same. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from flask_migrate.database.sqlite.default_names import Nameless, default_names, nameless
from flask_migrate.values.schema import Constraint, Snapshot, Table


def name_constraints(database: Snapshot, models: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Return both sides with a name for every constraint that has none.

    Only SQLite has such. What the models add gets a name that nothing else there has.

    Args:
        database: What is there.
        models: What is to be there.
    """
    known = {name: _named(table, {}, ()) for name, table in database.tables.items()}
    wanted = {
        # Most tables are the same value on both sides.
        name: known[name] if table is database.tables.get(name) else _as_in(known.get(name), table)
        for name, table in models.tables.items()
    }
    return replace(database, tables=known), replace(models, tables=wanted)


def _as_in(known: Table | None, table: Table) -> Table:
    """Return a table of the models; what the database has too is called as there."""
    there = known.constraints if known is not None else ()
    stays = {_content(one) for one in table.constraints}
    names = {_content(one): one.name for one in there if one.name and _content(one) in stays}
    return _named(table, names, tuple(names.values()))


def _named(table: Table, names: Mapping[Constraint, str], taken: tuple[str, ...]) -> Table:
    if all(one.name for one in table.constraints):
        return table
    own = [one.name for one in table.constraints if one.name]
    without = {one: nameless(one, table) for one in table.constraints if one.name is None}
    fresh = default_names(
        table.name.name,
        [key for one, key in without.items() if one not in names],
        taken=[*own, *taken],
    )
    return replace(
        table, constraints=tuple(_called(one, names, without, fresh) for one in table.constraints)
    )


def _called(
    one: Constraint,
    names: Mapping[Constraint, str],
    without: Mapping[Constraint, Nameless],
    fresh: Mapping[Nameless, str],
) -> Constraint:
    if one.name is not None:
        return one
    return replace(one, name=names.get(one) or fresh[without[one]])


def _content(one: Constraint) -> Constraint:
    return replace(one, name=None, comment=None)
