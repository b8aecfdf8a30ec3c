"""Declares changes that only PostgreSQL has, as the catalogue of changes does."""

import sqlalchemy as sa

from tests.changes import change as declared
from tests.changes.change import things

_ONLY = {"only": ("postgresql",), "because": "Only PostgreSQL has such a thing."}


def change(name, before, after, **more):
    """Return a change of what two functions declare on a metadata."""
    return declared.change(name, before, after, **_ONLY, **more)


def of_table(name, before, after, **more):
    """Return a change of the items of `things`."""
    return declared.of_table(name, before, after, **_ONLY, **more)


def of_column(name, before, after, **more):
    """Return a change of the column `v` of `things`."""
    return declared.of_column(name, before, after, **_ONLY, **more)


def mood(*labels, **options):
    """Return an enum."""
    return sa.Enum(*labels, name=options.pop("name", "mood"), **options)


def numbered(*arguments, **options):
    """Return what declares a table whose key is numbered in some way."""

    def declare(m):
        key = sa.Column("id", *arguments, primary_key=True, **options)
        sa.Table("things", m, key, sa.Column("v", sa.Integer))

    return declare


def viewed(text, type_, *statements, kind="VIEW"):
    """Return what declares `things` with a column `v`, and a view of it with more statements."""

    def declare(m):
        things(m, sa.Column("v", type_))
        for one in (f"CREATE {kind} shown AS {text}", *statements):
            sa.event.listen(m, "after_create", sa.DDL(one.replace("%", "%%")))

    return declare
