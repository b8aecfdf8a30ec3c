"""Changes of tables on PostgreSQL that the catalogue does not have."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tests.autogenerate.write.on_postgresql import (
    change,
    mood,
    numbered,
    of_column,
    of_table,
    viewed,
)
from tests.changes.change import things, v


def plain(*items):
    """Return a column `v` and more."""
    return [sa.Column("v", sa.Integer), *items]


def unusual(m):
    """Declare a table with all that a plain CREATE TABLE of Alembic's does not say."""
    things(m)
    sa.Table(
        "more",
        m,
        sa.Column("id", sa.Integer),
        sa.Column("v", sa.Integer, comment="it's a:b"),
        sa.PrimaryKeyConstraint("id", name="pk", deferrable=True),
        sa.UniqueConstraint("v", name="u", postgresql_nulls_not_distinct=True, comment="c"),
        sa.CheckConstraint("v <> 5", name="ck", comment="d"),
        pg.ExcludeConstraint(("v", "="), name="ex", using="btree", where=sa.text("v > 5")),
        sa.Index("ix", sa.text("abs(v) DESC NULLS LAST"), postgresql_with={"fillfactor": 50}),
        prefixes=["UNLOGGED"],
    )


def computed(expression, **options):
    """Return a column that is computed from another one."""
    return sa.Column("w", sa.Integer, sa.Computed(expression, persisted=True), **options)


def identity_and_default(m):
    """Declare a table with a key of two columns, of which the server numbers one."""
    numbered_too = sa.Column("n", sa.Integer, sa.Identity(), primary_key=True, default=5)
    sa.Table("things", m, sa.Column("id", sa.Integer, primary_key=True), numbered_too)


CHANGES = (
    change(
        "an id gets IDENTITY in place of a sequence",
        numbered(sa.Integer),
        numbered(sa.BigInteger, sa.Identity(always=True)),
    ),
    change(
        "an id gets a sequence in place of IDENTITY",
        numbered(sa.Integer, sa.Identity()),
        numbered(sa.Integer),
    ),
    change(
        "an id is no longer numbered",
        numbered(sa.Integer),
        numbered(sa.Integer, autoincrement=False),
    ),
    change(
        "the limits of IDENTITY move away from the rows",
        numbered(sa.Integer, sa.Identity()),
        numbered(sa.Integer, sa.Identity(start=20, minvalue=5, maxvalue=1000, cycle=True)),
    ),
    of_table(
        "a column that may be NULL gets IDENTITY",
        plain,
        lambda: [v(sa.Integer, sa.Identity())],
        rows={"things": [{"v": 5}, {"v": 7}]},
    ),
    change(
        "a table comes whose key has IDENTITY and a default of Python",
        lambda m: things(m, name="other"),
        lambda m: (things(m, name="other"), identity_and_default(m)),
        rows={"other": [{}]},
    ),
    of_table(
        "a column with the largest number there is gets numbered",
        lambda: [v(sa.SmallInteger)],
        lambda: [v(sa.SmallInteger, sa.Identity())],
        rows={"things": [{"v": 32767}]},
    ),
    of_table(
        "a column with negative numbers gets numbered",
        lambda: [v(sa.SmallInteger)],
        lambda: [v(sa.SmallInteger, sa.Identity())],
        rows={"things": [{"v": -7}]},
    ),
    of_table(
        "a computed column with an index changes",
        lambda: plain(computed("v * 2", index=True)),
        lambda: plain(computed("v * 3", index=True)),
        becomes={"things.w": [3, 6, None]},
    ),
    of_table(
        "a column that another is computed from gets another type",
        lambda: [sa.Column("v", sa.Integer), computed("v * 2")],
        lambda: [sa.Column("v", sa.BigInteger), computed("v * 2")],
    ),
    of_table(
        "EXCLUDE changes",
        lambda: plain(pg.ExcludeConstraint(("v", "="), name="ex", using="btree")),
        lambda: plain(
            pg.ExcludeConstraint(("v", "="), name="ex", using="btree", where=sa.text("v > 5"))
        ),
    ),
    change("a table with what Alembic does not write comes", things, unusual),
    change("a table with what Alembic does not write goes", unusual, things),
    of_table(
        "only the comments of constraints change",
        lambda: plain(sa.UniqueConstraint("v", name="u", comment="it's")),
        lambda: plain(sa.UniqueConstraint("v", name="u", comment="a:b")),
    ),
    change("a table becomes UNLOGGED", things, lambda m: things(m, prefixes=["UNLOGGED"])),
    change(
        "a key and what refers to it become texts",
        lambda m: (
            sa.Table("parents", m, sa.Column("id", sa.Integer, primary_key=True)),
            things(m, v(sa.ForeignKey("parents.id"))),
        ),
        lambda m: (
            sa.Table("parents", m, sa.Column("id", sa.Text, primary_key=True)),
            things(m, v(sa.ForeignKey("parents.id"))),
        ),
        becomes={"parents.id": ["1", "2", "3"], "things.v": ["1", "2", None]},
    ),
    of_column(
        "an array of texts becomes one of numbers",
        lambda: sa.ARRAY(sa.Text),
        lambda: sa.ARRAY(sa.Integer),
        values=[["1"], ["2", "3"]],
        filled=[[1], [2, 3]],
    ),
    of_column(
        "a text with a default becomes a truth",
        lambda: v(sa.String(10), server_default="true"),
        lambda: v(sa.Boolean, server_default=sa.true()),
        values=["true", "false"],
        filled=[True, False],
    ),
    change(
        "a view reads a column that changes",
        viewed(
            "SELECT v FROM things WHERE v <> 'a:b%'",
            sa.String(20),
            "CREATE VIEW other AS SELECT v FROM shown",
            "COMMENT ON VIEW shown IS 'it is'",
            "GRANT SELECT ON shown TO PUBLIC",
        ),
        viewed(
            "SELECT v FROM things WHERE v <> 'a:b%'",
            sa.Text,
            "CREATE VIEW other AS SELECT v FROM shown",
            "COMMENT ON VIEW shown IS 'it is'",
            "GRANT SELECT ON shown TO PUBLIC",
        ),
    ),
    change(
        "a materialized view with an index reads an enum whose values move",
        viewed(
            "SELECT id, v FROM things",
            mood("a", "b"),
            "CREATE UNIQUE INDEX ix_shown ON shown (id)",
            kind="MATERIALIZED VIEW",
        ),
        viewed(
            "SELECT id, v FROM things",
            mood("b", "a"),
            "CREATE UNIQUE INDEX ix_shown ON shown (id)",
            kind="MATERIALIZED VIEW",
        ),
    ),
)
