"""Primary keys."""

import sqlalchemy as sa

from tests.changes.change import change, things

C = sa.Column


def keyed(*keys, others=(), constraint=None):
    """Return models whose key is made of these columns, in this order."""

    def models(m):
        columns = [
            C(name, sa.Integer, autoincrement=False, nullable=False)
            for name in sorted({*keys, *others})
        ]
        key = [sa.PrimaryKeyConstraint(*keys, name=constraint)] if keys else []
        sa.Table("things", m, *columns, C("w", sa.String(9)), *key)

    return models


def numbered(**options):
    return lambda m: things(m, C("name", sa.String(20)), **options)


def unnumbered(m):
    sa.Table("things", m, C("name", sa.String(20)))


NAMES = {"things": [{"name": "a"}, {"name": "b"}]}
NAMED = {"without": {"mariadb": "Every primary key is called PRIMARY."}}

CHANGES = (
    change("a table gets a primary key", keyed(others="a"), keyed("a")),
    change("a table loses its primary key", keyed("a"), keyed(others="a")),
    change("a primary key gets a column", keyed("a", others="b"), keyed("a", "b")),
    change("a primary key loses a column", keyed("a", "b"), keyed("a", others="b")),
    change("a primary key is another column", keyed("a", others="b"), keyed("b", others="a")),
    change("the columns of a primary key change their order", keyed("a", "b"), keyed("b", "a")),
    change(
        "a primary key gets a new column that has a default",
        keyed("a"),
        lambda m: sa.Table(
            "things",
            m,
            C("a", sa.Integer, primary_key=True, autoincrement=False),
            C("b", sa.Integer, primary_key=True, autoincrement=False, server_default="7"),
            C("w", sa.String(9)),
        ),
        becomes={"things.b": [7, 7, 7]},
    ),
    change(
        "a column of the primary key is dropped",
        keyed("a", "b"),
        keyed("a"),
        one_way=dict.fromkeys(
            ("sqlite", "postgresql"), "Nothing says what the rows get when the column comes back."
        ),
    ),
    change("a primary key gets a name", keyed("a"), keyed("a", constraint="the_key"), **NAMED),
    change(
        "a primary key gets another name",
        keyed("a", constraint="the_key"),
        keyed("a", constraint="another_key"),
        **NAMED,
    ),
    change(
        "a surrogate key is added to a table with rows",
        unnumbered,
        numbered(),
        rows=NAMES,
        becomes={"things.id": [1, 2]},
    ),
    change("a surrogate key is dropped", numbered(), unnumbered, rows=NAMES),
    change(
        "a surrogate key takes the place of a natural one",
        lambda m: sa.Table("things", m, C("name", sa.String(20), primary_key=True)),
        lambda m: sa.Table(
            "things",
            m,
            C("id", sa.Integer, primary_key=True),
            C("name", sa.String(20), nullable=False),
        ),
        rows=NAMES,
        becomes={"things.id": [1, 2]},
    ),
    change(
        "a natural key takes the place of a surrogate one",
        lambda m: things(m, C("name", sa.String(20), nullable=False)),
        lambda m: sa.Table("things", m, C("name", sa.String(20), primary_key=True)),
        rows=NAMES,
    ),
    change(
        "a column of the primary key becomes longer",
        lambda m: sa.Table("things", m, C("code", sa.String(10), primary_key=True)),
        lambda m: sa.Table("things", m, C("code", sa.String(20), primary_key=True)),
    ),
    change(
        "a key of text becomes a number",
        lambda m: sa.Table("things", m, C("code", sa.String(10), primary_key=True)),
        lambda m: sa.Table(
            "things", m, C("code", sa.Integer, primary_key=True, autoincrement=False)
        ),
        rows={"things": [{"code": "1"}, {"code": "2"}]},
        becomes={"things.code": [1, 2]},
    ),
    change(
        "a key is numbered by the database",
        lambda m: sa.Table("things", m, C("id", sa.Integer, primary_key=True, autoincrement=False)),
        things,
        without={"sqlite": "INTEGER PRIMARY KEY is always numbered."},
    ),
    change(
        "a key is no longer numbered by the database",
        things,
        lambda m: sa.Table("things", m, C("id", sa.Integer, primary_key=True, autoincrement=False)),
        without={"sqlite": "INTEGER PRIMARY KEY is always numbered."},
    ),
    change(
        "the key of a table that another refers to becomes longer",
        lambda m: (
            sa.Table("things", m, C("code", sa.String(10), primary_key=True)),
            things(m, C("code", sa.ForeignKey("things.code")), name="parts"),
        ),
        lambda m: (
            sa.Table("things", m, C("code", sa.String(20), primary_key=True)),
            things(m, C("code", sa.ForeignKey("things.code")), name="parts"),
        ),
    ),
    change(
        "a key over two columns is referred to as a whole",
        lambda m: (
            keyed("a", "b")(m),
            things(m, C("a", sa.Integer), C("b", sa.Integer), name="parts"),
        ),
        lambda m: (
            keyed("a", "b")(m),
            things(
                m,
                C("a", sa.Integer),
                C("b", sa.Integer),
                sa.ForeignKeyConstraint(["a", "b"], ["things.a", "things.b"], name="whole"),
                name="parts",
            ),
        ),
        rows={"parts": [{"a": 1, "b": 1}, {"a": None, "b": 2}]},
    ),
)
