"""Hostile names."""

import sqlalchemy as sa

from tests.changes.change import change, dialect_of, things

C = sa.Column
NAMES = {
    "a quote": "it's",
    "double quotes": 'say "hi"',
    "a backtick": "a`b",
    "a percent sign": "100%",
    "a format": "%s %(name)s",
    "a colon": "a:b :name",
    "a backslash": "a\\b",
    "a dot and a space": "a.b c",
    "brackets and braces": "a[b]{c}(d)",
    "mixed case": "MixedCase",
    "a reserved word": "select",
    "Unicode": "größe",
    "a dash and a digit first": "1-a",
}
LIMITS = {"sqlite": 120, "postgresql": 63, "mariadb": 64}


def table(name, *items):
    """Return models of a table of that name, and of one that it can refer to."""

    def models(m):
        things(m, C("x", sa.Integer), name="others")
        things(m, *(make() for make in items), name=name)

    return models


def others(m):
    things(m, C("x", sa.Integer), name="others")


def column(name, type_=sa.Integer, **options):
    return lambda: C(name, type_, **options)


def everything(name):
    """Return what can have a name, each with that name."""
    return (
        column(name),
        column("to"),
        lambda: sa.Index(f"{name}_ix", name),
        lambda: sa.UniqueConstraint(name, "to", name=f"{name}_uq"),
        lambda: sa.ForeignKeyConstraint(["to"], ["others.id"], name=f"{name}_fk"),
    )


def of_name(what, name):
    """Yield the changes of everything that has a hostile name."""
    yield change(f"a table is made whose names have {what}", others, table(name, *everything(name)))
    yield change(
        f"a table is dropped whose names have {what}", table(name, *everything(name)), others
    )
    yield change(
        f"a table whose names have {what} gets everything",
        table(name, column("to")),
        table(name, *everything(name)),
    )
    yield change(
        f"a table whose names have {what} loses everything",
        table(name, *everything(name)),
        table(name, column("to")),
    )
    yield change(
        f"a column whose name has {what} changes",
        table(name, column(name, sa.String(20))),
        table(name, column(name, sa.String(40), server_default="it's", nullable=False)),
        rows={name: [{name: "a"}, {name: None}]},
        becomes={f"{name}.{name}": ["a", "it's"]},
    )


def long(before, after, *, shorter=0):
    """Return models whose names are as long as the database lets them be."""

    def declare(make):
        def models(m):
            others(m)
            if make is not None:
                name = "n" * (LIMITS[dialect_of(m)] - shorter)
                things(m, *make(name), name=name)

        return models

    return declare(before), declare(after)


def few(name):
    return [C(name, sa.Integer), C("to", sa.Integer)]


def many(name):
    return [
        *few(name),
        sa.Index(f"i{name[1:]}", name),
        sa.UniqueConstraint(name, "to", name=f"u{name[1:]}"),
        sa.ForeignKeyConstraint(["to"], ["others.id"], name=f"f{name[1:]}"),
    ]


def unnamed(name):
    return [
        C(name, sa.Integer, unique=True),
        C("to", sa.ForeignKey("others.id")),
        sa.CheckConstraint(sa.column(name) > 0),
    ]


def wide(count, *items):
    return lambda m: things(
        m, *(C(f"c{n}", sa.Integer) for n in range(count)), *(one() for one in items)
    )


def last(type_, **options):
    return column("last", type_, **options)


CHANGES = (
    *(one for what, name in NAMES.items() for one in of_name(what, name)),
    change("a table is made whose names are as long as can be", *long(None, many)),
    change("a table is dropped whose names are as long as can be", *long(many, None)),
    change("a table whose names are as long as can be gets everything", *long(few, many)),
    change("a table whose names are as long as can be loses everything", *long(many, few)),
    change(
        "a table with a long name gets constraints without one", *long(few, unnamed, shorter=12)
    ),
    change(
        "a table with a long name loses constraints without one", *long(unnamed, few, shorter=12)
    ),
    change(
        "a column is added to a table of 900 columns", wide(900), wide(900, last(sa.String(20)))
    ),
    change(
        "a column of a table of 900 columns changes",
        wide(900, last(sa.String(20))),
        wide(900, last(sa.String(40), server_default="x")),
    ),
)
