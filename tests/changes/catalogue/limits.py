"""As much as a database takes: the longest names, the widest tables."""

import sqlalchemy as sa

from tests.changes.change import change, dialect_of, things

C = sa.Column
WIDEST = {"sqlite": 2000, "postgresql": 1600, "mariadb": 1017}
LONGEST = {"sqlite": 120, "postgresql": 63, "mariadb": 64}
CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def widest(*items, fewer=0):
    """Return models of a table with as many columns as there can be, or some fewer."""

    def models(m):
        count = WIDEST[dialect_of(m)] - 1 - fewer
        columns = [C(f"c{n}", sa.Integer) for n in range(count - len(items))]
        things(m, *columns, *(one() for one in items))

    return models


def last(type_, **options):
    return lambda: C("last", type_, **options)


def named(letter, *make, convention=True):
    """Return models whose tables and columns have names of the greatest length.

    Args:
        letter: What the names are of.
        *make: Each makes a part, of the name of a column and of another one.
        convention: Whether constraints get names that are longer.
    """

    def models(m):
        if convention:
            m.naming_convention = sa.util.immutabledict({**m.naming_convention, **CONVENTION})
        # PostgreSQL counts bytes.
        length = LONGEST[dialect_of(m)] // len(letter.encode())
        name, other = letter * length, letter * (length - 1) + "y"
        things(m, name=f"p{name[1:]}")
        things(
            m,
            C(name, sa.Integer),
            C(other, sa.Integer),
            *(one(name, other) for one in make),
            name=name,
        )

    return models


PARTS = (
    lambda name, other: sa.Index(None, name, other),
    sa.UniqueConstraint,
    lambda name, other: sa.CheckConstraint(sa.column(name) > 0, name="positive"),
    lambda name, other: sa.ForeignKeyConstraint([other], [f"p{name[1:]}.id"]),
)


def cut(*columns):
    """Return models with names of 40 letters in 80 bytes, which PostgreSQL cuts."""
    return lambda m: things(
        m, *(C(f"{one}{'ö' * 39}", sa.Integer) for one in columns), name="ö" * 40
    )


def of_letter(what, letter):
    few, many = named(letter), named(letter, *PARTS)
    yield change(f"{what} get parts whose names a convention makes longer", few, many)
    yield change(f"{what} lose parts whose names a convention makes longer", many, few)
    yield change(f"{what} are made with parts whose names a convention makes longer", things, many)


CHANGES = (
    change("a table as wide as can be is made", lambda m: things(m, name="others"), widest()),
    change("a column is added to a table that is nearly as wide as can be", widest(fewer=1),
           widest(last(sa.String(20)))),
    change("a column of a table as wide as can be changes", widest(last(sa.Integer)),
           widest(last(sa.BigInteger, nullable=False, server_default="1")),
           becomes={"things.last": [1, 2, 1]}),
    change("a column goes from a table that is nearly as wide as can be",
           # PostgreSQL counts what was there.
           widest(last(sa.Integer), fewer=1), widest(fewer=2)),
    *of_letter("the longest names", "n"),
    *of_letter("the longest names of Unicode", "ö"),
    change("a column is added beside names that PostgreSQL cuts", cut("a"), cut("a", "b")),
)  # fmt: skip
