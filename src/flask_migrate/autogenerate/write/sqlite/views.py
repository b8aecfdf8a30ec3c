"""Views of SQLite that read what goes. Pure."""

from collections.abc import Sequence

from flask_migrate.autogenerate.differences import Differences
from flask_migrate.values.schema import Code, Name


def gone_from(differences: Differences) -> set[tuple[Name, str]]:
    """Return the columns that go from tables that stay."""
    return {
        (table.name, column.before.name)
        for table in differences.tables
        if table.after is not None
        for column in table.columns
        if column.before is not None and column.after is None
    }


def views_of(code: Sequence[Code], read: set[tuple[Name, str]]) -> list[Code]:
    """Return the views that read columns, and behind them those that read such views.

    One that asks for all columns of a table does not mind which these are.

    Args:
        code: What there is.
        read: The columns.
    """
    found: list[Code] = []
    waiting = [one for one in code if one.kind == "view"]
    while more := [one for one in waiting if _reads(one, read, found)]:
        found += more
        waiting = [one for one in waiting if one not in more]
    return found


def _reads(view: Code, read: set[tuple[Name, str]], lost: Sequence[Code]) -> bool:
    names = {one.name for one in lost}
    return any(use in read or use[0] in names for use in view.uses)
