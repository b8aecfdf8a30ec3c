"""Two versions of the models with nearly everything in them, and a script of what is between.

As a program it writes the script: how Python orders a set depends on the process.
"""

import sys

import sqlalchemy as sa

from tests.changes.application import Application


def _key(**options):
    return sa.Column("id", sa.Integer, primary_key=True, **options)


def _reference(table, name, **options):
    return sa.ForeignKey(f"{table}.id", name=name, **options)


def _indexed(m, name, *columns):
    """Declare a table with many indexes and constraints over many columns."""
    letters = "abcdefgh"
    table = sa.Table(
        name,
        m,
        _key(),
        *(sa.Column(f"{letter}_{name}", sa.String(20)) for letter in letters),
        *columns,
        *(sa.UniqueConstraint(f"{one}_{name}", name=f"uq_{one}_{name}") for one in letters[:3]),
        *(sa.CheckConstraint(f"{one}_{name} <> ''", name=f"ck_{one}_{name}") for one in letters),
    )
    for one in letters:
        sa.Index(f"ix_{one}_{name}", table.c[f"{one}_{name}"])
    return table


def _circle(m, *names):
    """Declare tables that refer to each other in a row."""
    for name, target in zip(names, [*names[1:], names[0]], strict=True):
        sa.Table(
            name,
            m,
            _key(),
            sa.Column("next_id", sa.Integer, _reference(target, f"fk_{name}_{target}")),
            sa.Column("mood", sa.Enum("good", "bad", name=f"mood_of_{name}")),
        )


def before(m):
    """Declare the old models."""
    _circle(m, "ant", "bee", "cat", "dog")
    for name in ("stays", "goes", "goes_too"):
        _indexed(m, name, sa.Column("w", sa.Enum("x", "y", name=f"w_of_{name}"), comment="old"))
    sa.Table("child", m, _key(), *(sa.Column(f"{one}_id", sa.Integer) for one in ("ant", "goes")))
    sa.Table("heir", m, _key(), sa.Column("up", sa.Integer, _reference("goes", "fk_heir_goes")))
    sa.Table("changed", m, *(sa.Column(f"c{n}", sa.String(20)) for n in range(12)), _key())


def after(m):
    """Declare the new ones."""
    _circle(m, "elk", "fox", "gnu")
    _indexed(m, "new")
    _indexed(m, "new_too", sa.Column("n", sa.Integer, _reference("new", "fk_new_too_new")))
    sa.Table(
        "stays", m, _key(), sa.Column("w", sa.Enum("x", "z", name="w_of_stays"), comment="new")
    )
    sa.Table(
        "child",
        m,
        _key(),
        *(
            sa.Column(f"{one}_id", sa.Integer, _reference(one, f"fk_child_{one}"), index=True)
            for one in ("elk", "new", "stays")
        ),
    )
    sa.Table(
        "changed",
        m,
        _key(),
        *(sa.Column(f"c{n}", sa.Text, server_default=f"{n}", nullable=False) for n in range(12)),
        *(sa.Column(f"d{n}", sa.Integer, unique=True, index=n % 2 == 0) for n in range(6)),
    )


class _Database:
    def __init__(self, url):
        self.url = url


def main(url, directory, revision):
    """Write the revision file from the database to the new models."""
    metadata = sa.MetaData()
    after(metadata)
    with Application(_Database(url), metadata, directory).running() as verbs:
        verbs.migrate(rev_id=revision)


if __name__ == "__main__":
    main(*sys.argv[1:])
