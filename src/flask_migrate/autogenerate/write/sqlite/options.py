"""What a table of SQLite is besides its columns: STRICT, WITHOUT ROWID, AUTOINCREMENT. Pure."""

from flask_migrate.autogenerate.differences import TableDifference
from flask_migrate.database.sqlite.tables import STRICT, WITHOUT_ROWID
from flask_migrate.values.schema import Kind, Table


def changed_options(difference: TableDifference) -> dict[str, bool]:
    """Return the arguments of `sa.Table` that say what a table is to be, and was not.

    Args:
        difference: A table that is on both sides.
    """
    before, after = difference.before, difference.after
    assert before is not None  # noqa: S101  (it is on both sides)
    assert after is not None  # noqa: S101  (the same)
    old, new = _options(before), _options(after)
    changed = {name: value for name, value in new.items() if value != old[name]}
    is_new_key = any(
        one.after is not None and one.after.kind is Kind.PRIMARY_KEY
        for one in difference.constraints
    )
    if is_new_key and new[_NUMBERED]:
        changed[_NUMBERED] = True  # it was said of the key that goes
    return changed


_NUMBERED = "sqlite_autoincrement"


def _options(table: Table) -> dict[str, bool]:
    said = dict(table.options)
    return {
        "sqlite_strict": STRICT in said,
        "sqlite_with_rowid": WITHOUT_ROWID not in said,
        _NUMBERED: any(column.is_numbered for column in table.columns),
    }
