"""What is smaller than a pair: something is gone from both versions, or a change is not made."""

from dataclasses import replace

from tests.pairs.repair import repaired, with_names_of
from tests.pairs.rows import settled


def smaller(pair):
    """Yield pairs that are smaller, those first that are much smaller.

    Args:
        pair: The pair.
    """
    seen = {(repr(pair.before), repr(pair.after), repr(pair.rows))}
    for before, after, rows in _candidates(pair):
        made = _made(pair, before, after, rows)
        key = (repr(made.before), repr(made.after), repr(made.rows))
        if key not in seen:
            seen.add(key)
            yield made


def _made(pair, before, after, rows):
    before = repaired(before)
    after = with_names_of(before, repaired(after))
    rows = {
        table.full_name: [
            {name: value for name, value in row.items() if table.column(name)}
            for row in rows.get(table.full_name, [])
        ]
        for table in before.tables
    }
    return replace(pair, before=before, after=after, rows=settled(before, after, rows))


def _candidates(pair):
    before, after, rows = pair.before, pair.after, pair.rows
    yield before, after, {}
    names = dict.fromkeys(one.full_name for one in (*before.tables, *after.tables))
    for name in names:
        yield _without_table(before, name), _without_table(after, name), rows
    for name in names:
        old, new = before.table(name), after.table(name)
        if old is not None and new is not None and old != new:
            yield before, after.with_table(old), rows
    for name in names:
        for make in _less_of_table(before.table(name), after.table(name)):
            yield _with(before, name, make), _with(after, name, make), rows
    for less in _less_of_all:
        yield less(before), less(after), rows
    for name in names:
        yield from _changes_not_made(before, after, name, rows)
    for name, some in rows.items():
        for number in range(len(some)):
            yield before, after, {**rows, name: some[:number] + some[number + 1 :]}


def _without_table(models, name):
    return replace(models, tables=tuple(one for one in models.tables if one.full_name != name))


def _with(models, name, make):
    table = models.table(name)
    return models if table is None else models.with_table(make(table))


def _less_of_table(old, new):
    both = [one for one in (old, new) if one is not None]
    for column in dict.fromkeys(one.name for table in both for one in table.columns):
        if column != "id":
            yield lambda table, gone=column: _without_column(table, gone)
    for part in dict.fromkeys(one for table in both for one in table.parts):
        yield lambda table, gone=part: replace(
            table, parts=tuple(one for one in table.parts if one != gone)
        )
    yield lambda table: replace(table, options=(), comment=None)
    for empty in ({"default": None}, {"in_python": None}, {"comment": None}, {"numbering": ""}):
        yield lambda table, empty=empty: replace(
            table, columns=tuple(replace(one, **empty) for one in table.columns)
        )


def _without_column(table, name):
    return replace(table, columns=tuple(one for one in table.columns if one.name != name))


_less_of_all = (
    lambda models: replace(models, has_convention=False),
    lambda models: replace(models, sequences=()),
    lambda models: replace(models, enums=()),
)


def _changes_not_made(before, after, name, rows):
    old, new = before.table(name), after.table(name)
    if old is None or new is None:
        return
    for column in new.columns:
        was = old.column(column.name)
        if was is not None and was != column:
            yield before, after.with_table(new.with_column(was)), rows
        if was is None:
            yield before, after.with_table(_without_column(new, column.name)), rows
    gone = tuple(one for one in old.columns if new.column(one.name) is None)
    if gone:
        yield before, after.with_table(replace(new, columns=(*new.columns, *gone))), rows
    for field in ("parts", "key", "options", "comment"):
        same = replace(new, **{field: getattr(old, field)})
        if same != new:
            yield before, after.with_table(same), rows
