"""Changes of enums, domains and sequences that the catalogue does not have."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tests.autogenerate.write.on_postgresql import change, mood, of_column, of_table
from tests.changes.change import things, v

OLD, NEW, MOVED = ("sad", "ok"), ("sad", "ok", "happy"), ("happy", "ok", "sad")
ZIP = {"constraint_name": "zip_ok", "check": "VALUE <> 'a:b'"}


BARE = {"things": [{}, {}]}


def nested(outer, inner, type_=sa.Integer):
    """Return what declares a domain over a domain, and a column of each."""

    def declare(m):
        under = pg.DOMAIN(inner, type_, check="VALUE > 0")
        over = pg.DOMAIN(outer, under, check="VALUE < 100")
        things(m, sa.Column("w", under, default=7), sa.Column("v", over))

    return declare


def more(m, *items):
    """Declare another table besides `things`."""
    things(m)
    things(m, *items, name="more")


def with_check(*labels):
    """Return an enum and a CHECK that names its type."""
    return [
        sa.Column("v", mood(*labels)),
        sa.CheckConstraint("v <> 'sad'::mood", name="ck"),
    ]


def with_partial_index(*labels):
    """Return an enum and an index whose condition names its type."""
    where = sa.text("v = 'sad'::mood")
    return [sa.Column("v", mood(*labels)), sa.Index("ix", "id", postgresql_where=where)]


def with_computed(*labels):
    """Return an enum and a column that is computed from it."""
    computed = sa.Computed("v = 'sad'::mood", persisted=True)
    return [sa.Column("v", mood(*labels)), sa.Column("w", sa.Boolean, computed)]


def with_reference(*labels):
    """Return an enum, and a foreign key that refers to it."""
    return [
        sa.Column("v", mood(*labels), unique=True),
        sa.Column("w", sa.ForeignKey("things.v", name="fk")),
    ]


def counting(m, name="numbers"):
    """Return a column whose default takes values from a sequence."""
    sequence = sa.Sequence(name, metadata=m)
    return sa.Column("v", sa.Integer, sequence, server_default=sequence.next_value())


CHANGES = (
    change(
        "a table and a column come with one enum",
        things,
        lambda m: (
            things(m, sa.Column("v", mood(*OLD))),
            things(m, sa.Column("v", mood(*OLD)), name="more"),
        ),
    ),
    change(
        "a table comes with one enum that is there and one that is not",
        lambda m: things(m, sa.Column("v", mood(*OLD))),
        lambda m: (
            things(m, sa.Column("v", mood(*OLD))),
            things(
                m,
                sa.Column("v", sa.ARRAY(mood(*OLD))),
                sa.Column("w", mood("x", "y", name="other")),
                name="more",
            ),
        ),
    ),
    of_table(
        "values move and a CHECK names them",
        lambda: with_check(*NEW),
        lambda: with_check(*MOVED),
        rows={"things": [{"v": "ok"}, {"v": "happy"}]},
    ),
    of_table(
        "values move and the condition of an index names them",
        lambda: with_partial_index(*NEW),
        lambda: with_partial_index(*MOVED),
    ),
    of_table(
        "values move and a column is computed from them",
        lambda: with_computed(*NEW),
        lambda: with_computed(*MOVED),
    ),
    of_table(
        "values move and a foreign key refers to them",
        lambda: with_reference(*NEW),
        lambda: with_reference(*MOVED),
        rows={"things": [{"v": "ok", "w": "ok"}]},
    ),
    of_column(
        "a value goes that was the default",
        lambda: v(mood(*NEW), server_default="happy"),
        lambda: v(mood(*OLD), server_default="sad"),
        values=["sad", "ok"],
    ),
    of_column(
        "a value comes and is the default",
        lambda: v(mood(*OLD), server_default="ok"),
        lambda: v(mood(*NEW), server_default="happy"),
    ),
    of_column(
        "an enum gets another name and keeps its default",
        lambda: v(mood(*OLD), server_default="ok"),
        lambda: v(mood(*NEW, name="state"), server_default="ok"),
    ),
    of_column(
        "an enum with capitals in its name and quotes in its values moves them",
        lambda: mood("it's", "a:b", "100%", name="My Mood"),
        lambda: mood("100%", "it's", "a:b", name="My Mood"),
    ),
    of_table(
        "a column with a new domain comes",
        list,
        lambda: [sa.Column("v", pg.DOMAIN("zip", sa.Text, **ZIP))],
    ),
    of_table(
        "the last column with a domain goes",
        lambda: [sa.Column("v", pg.DOMAIN("zip", sa.Text, **ZIP))],
        list,
        rows={"things": [{"v": "a"}]},
    ),
    change(
        "a table with a domain goes",
        lambda m: more(m, sa.Column("v", pg.DOMAIN("zip", sa.Text, not_null=True))),
        things,
        rows={"more": [{"v": "a"}]},
    ),
    of_column(
        "the CHECK of a domain changes",
        lambda: pg.DOMAIN("zip", sa.Text, **ZIP),
        lambda: pg.DOMAIN("zip", sa.Text, **ZIP | {"check": "VALUE <> 'c'"}),
        values=["a"],
    ),
    of_column(
        "a domain gets a CHECK with a list",
        lambda: pg.DOMAIN("zip", sa.String(9)),
        lambda: pg.DOMAIN("zip", sa.String(9), check="VALUE IN ('a', 'b')"),
        values=["a"],
    ),
    of_column(
        "a domain gets a default and NOT NULL",
        lambda: pg.DOMAIN("zip", sa.Text),
        lambda: pg.DOMAIN("zip", sa.Text, default="b", not_null=True),
        values=["a"],
    ),
    of_column(
        "a domain gets another type",
        lambda: pg.DOMAIN("zip", sa.String(20)),
        lambda: pg.DOMAIN("zip", sa.Integer),
        values=["1"],
        filled=[1],
    ),
    change("domains over domains come", things, nested("outer", "inner"), rows=BARE),
    change("domains over domains go", nested("a_outer", "z_inner"), things, rows=BARE),
    change("domains over domains go, named otherwise", nested("z", "a"), things, rows=BARE),
    change(
        "a domain under another gets another type",
        nested("outer", "inner"),
        nested("outer", "inner", sa.BigInteger),
        rows=BARE,
    ),
    of_column(
        "a text becomes a domain",
        lambda: sa.Text,
        lambda: pg.DOMAIN("zip", sa.Text, **ZIP),
        values=["1"],
    ),
    change(
        "a sequence changes all that it has",
        lambda m: (things(m), sa.Sequence("numbers", metadata=m, start=10, cache=3)),
        lambda m: (
            things(m),
            sa.Sequence(
                "numbers", metadata=m, increment=2, maxvalue=99, cycle=True, data_type=sa.Integer
            ),
        ),
    ),
    change(
        "a table goes that took its values from a sequence", lambda m: more(m, counting(m)), things
    ),
    change(
        "a sequence comes in a schema of its own",
        things,
        lambda m: (things(m), sa.Sequence("numbers", metadata=m, schema="app")),
    ),
)
