"""Rows that both versions of the models accept, and what becomes of them."""

from tests.pairs.models import Check, ForeignKey, Numbered, Unique, Unknown, is_known
from tests.pairs.rules import is_met, result
from tests.pairs.values import Unfit, carried, fits, values

_COUNTS = (3, 2, 4, 1, 0)


def draw_rows(random, before, after):
    """Return rows for the tables of the first version that the second one accepts as well."""
    rows = {}
    for table in before.tables:
        new = after.table(table.full_name)
        count = random.choice(_COUNTS)
        made = []
        for number in range(1, count + 1):
            row = _row(random, table, new, number, {**rows, table.full_name: made}, before)
            made += [row] if row is not None else []
        rows[table.full_name] = made
    return settled(before, after, rows)


def settled(before, after, rows):
    """Return the rows without those that a version does not accept."""
    while True:
        whole = {
            name: [_whole(row, before.table(name)) for row in some] for name, some in rows.items()
        }
        refused = refusals(before, whole) | refusals(after, moved(whole, before, after))
        refused |= _vague(whole, before, after)
        if not refused:
            return rows
        rows = {
            name: [row for number, row in enumerate(some) if (name, number) not in refused]
            for name, some in rows.items()
        }


def whole_rows(models, rows):
    """Return rows with what the database computes."""
    return {name: [_whole(row, models.table(name)) for row in some] for name, some in rows.items()}


def moved(rows, before, after):
    """Return what the rows are after the change; None in place of one that cannot be."""
    return {
        table.full_name: [
            _moved(row, before.table(table.full_name), table)
            for row in rows.get(table.full_name, ())
        ]
        for table in after.tables
    }


def refusals(models, rows):
    """Return the table and the number of rows that the models do not accept."""
    refused = set()
    for table in models.tables:
        some = rows.get(table.full_name, ())
        found = {number for number, row in enumerate(some) if row is None}
        for number, row in enumerate(some):
            if row is not None and not _is_accepted(row, table, rows):
                found.add(number)
        for columns in _uniques(table):
            found |= _repeated(some, columns)
        refused |= {(table.full_name, number) for number in found}
    return refused


def _is_accepted(row, table, rows):
    for column in table.columns:
        value = row[column.name]
        if value is None and not column.nullable:
            return False
        # What is computed of a number must fit into the type of that.
        base = table.column(column.formula.column) if column.formula else column
        if is_known(value) and not fits(base.type, value):
            return False
    for part in table.parts:
        if isinstance(part, Check):
            value = row[part.columns[0]]
            if not is_known(value) or not is_met(part.rule, value):
                return False
        if isinstance(part, ForeignKey) and not _has_target(row, part, rows):
            return False
    return True


def _has_target(row, key, rows):
    found = [row[one] for one in key.columns]
    if None in found:
        # MATCH FULL wants all of them.
        return "FULL" not in key.options or all(one is None for one in found)
    others = [one for one in rows.get(key.target, ()) if one is not None]
    return found in [[other[one] for one in key.target_columns] for other in others]


def _uniques(table):
    yield from ([table.key.columns] if table.key else [])
    for part in table.of(Unique):
        yield part.columns


def _repeated(rows, columns):
    seen, found = [], set()
    for number, row in enumerate(rows):
        key = row and [row[one] for one in columns]
        if row is None or (None in key and len(key) > 1) or key == [None]:
            if key and key in seen:  # NULLS NOT DISTINCT
                found.add(number)
            seen.append(key)
        elif key in seen:
            found.add(number)
        else:
            seen.append(key)
    return found


def _vague(whole, before, after):
    """Return the rows in which a column that there was has something that we do not know."""
    found = set()
    for table in after.tables:
        old = before.table(table.full_name)
        if old is None:
            continue
        new = moved(whole, before, after)[table.full_name]
        for number, row in enumerate(new):
            for column in table.columns if row is not None else ():
                if old.column(column.name) and row[column.name] is Unknown:
                    found.add((table.full_name, number))
    return found


# ---------------------------------------------------------------- one row


def _row(random, table, new, number, rows, models):
    row = {"id": number}
    for key in table.of(ForeignKey):
        row |= _reference(random, key, table, rows, row, models)
    for column in table.columns:
        if column.name in row or column.formula or "always=True" in column.numbering:
            continue
        choices = list(_choices(column, new and new.column(column.name)))
        is_null = column.nullable and random.random() < 0.25
        if not is_null and not choices and not column.nullable:
            return None
        row[column.name] = None if is_null or not choices else random.choice(choices)
    return row


def _choices(column, new):
    for value in values(column.type):
        try:
            if new is not None and new.formula is None:
                carried(value, column.type, new.type)
        except Unfit:
            continue
        yield value


def _reference(random, key, table, rows, row, models):
    if "use_alter" in key.options:
        return dict.fromkeys(key.columns)
    targets = rows.get(key.target, [])
    if key.target == table.full_name and models.dialect == "mariadb":
        targets = []  # rows that refer to rows there cannot be deleted at once
    full = [one for one in targets if all(name in one for name in key.target_columns)]
    if not full or random.random() < 0.2:
        return dict.fromkeys(key.columns)
    target = random.choice(full)
    pairs = zip(key.columns, key.target_columns, strict=True)
    return {name: target[other] for name, other in pairs}


def _whole(row, table):
    row = dict(row)
    for column in table.columns:
        if "always=True" in column.numbering:
            row[column.name] = Numbered()
        elif column.formula is None:
            row.setdefault(column.name, None)
    for column in table.columns:
        if column.formula is not None:
            row[column.name] = _computed(column, row)
    return row


def _computed(column, row):
    value = row[column.formula.column]
    return result(column.formula.name, value) if is_known(value) else Unknown


def _moved(row, old, new):
    if row is None:
        return None
    made = {}
    try:
        for column in new.columns:
            if column.formula is None:
                made[column.name] = _value(row, old.column(column.name), column)
    except Unfit:
        return None
    for column in new.columns:
        if column.formula is not None:
            made[column.name] = _computed(column, made)
    return made


def _value(row, old, new):
    if old is None:
        if new.numbering:
            return Numbered()
        if new.default is not None:
            return new.default.value
        return new.in_python.value if new.in_python and not new.nullable else None
    value = row[old.name]
    value = carried(value, old.type, new.type) if is_known(value) else value
    if value is None and not new.nullable:
        given = new.default or new.in_python
        return given.value if given else None
    return value
