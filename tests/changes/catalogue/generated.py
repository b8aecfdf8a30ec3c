"""Identity, numbering, sequences and computed columns."""

import sqlalchemy as sa

from tests.changes.change import change, dialect_of, of_column, of_table, things, v
from tests.support.databases import DIALECTS

C = sa.Column
ONLY_POSTGRESQL = {"only": ["postgresql"], "because": "There is no IDENTITY."}
SEQUENCES = {"without": {"sqlite": "There are no sequences."}}


def key(*items, **options):
    """Return models whose key is numbered in some way."""
    return lambda m: sa.Table(
        "things",
        m,
        C("id", sa.Integer, *(make() for make in items), primary_key=True, **options),
        C("name", sa.String(20)),
    )


def identity(**options):
    return lambda: sa.Identity(**options)


def sequence(**options):
    """Return models with a sequence."""

    def models(m):
        things(m)
        sa.Sequence("numbers", metadata=m, **options)

    return models


def numbered_by(name, **options):
    """Return models with a column whose default is the next number of a sequence."""

    def models(m):
        if dialect_of(m) == "sqlite":
            return things(m, v(sa.Integer))
        numbers = sa.Sequence(name, metadata=m, **options)
        return things(m, v(sa.Integer, server_default=numbers.next_value()))

    return models


def number(m):
    things(m, v(sa.Integer))


def computed(expression="a * 2", **options):
    return lambda: [C("a", sa.Integer), v(sa.Integer, sa.Computed(expression, **options))]


def by_hand(default=None):
    return lambda: [C("a", sa.Integer), v(sa.Integer, server_default=default)]


def names(expression, **options):
    return lambda: [
        C("first", sa.String(20)),
        C("last", sa.String(20)),
        C("full", sa.String(50), sa.Computed(expression, **options)),
    ]


STORED = {"persisted": True}
VIRTUAL = {"persisted": False}
NO_VIRTUAL = {"postgresql": "Before PostgreSQL 18 a computed column is stored always."}
IDS = {"rows": {"things": [{"name": "a"}, {"name": "b"}]}}

CHANGES = (
    change("a key becomes IDENTITY", key(), key(identity()), **ONLY_POSTGRESQL),
    change("a key is no longer IDENTITY", key(identity()), key(), **IDS, **ONLY_POSTGRESQL),
    change(
        "IDENTITY becomes ALWAYS",
        key(identity()),
        key(identity(always=True)),
        **IDS,
        **ONLY_POSTGRESQL,
    ),
    change(
        "IDENTITY is no longer ALWAYS",
        key(identity(always=True)),
        key(identity()),
        **IDS,
        **ONLY_POSTGRESQL,
    ),
    change(
        "IDENTITY starts elsewhere",
        key(identity(start=1)),
        key(identity(start=100)),
        **IDS,
        **ONLY_POSTGRESQL,
    ),
    change(
        "IDENTITY gets options",
        key(identity()),
        key(identity(increment=2, minvalue=1, maxvalue=1000, cycle=True, cache=5)),
        **IDS,
        **ONLY_POSTGRESQL,
    ),
    change(
        "IDENTITY loses options",
        key(identity(increment=2, cycle=True, cache=5)),
        key(identity()),
        **IDS,
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "a column gets IDENTITY that was plain",
        lambda: v(sa.Integer, nullable=False),
        lambda: v(sa.Integer, sa.Identity()),
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "a column with a default gets IDENTITY",
        lambda: v(sa.Integer, server_default="0", nullable=False),
        lambda: v(sa.Integer, sa.Identity()),
        values=[1, 2, 3],
    ),
    of_column(
        "a column with a default gets IDENTITY and another type",
        lambda: v(sa.Integer, server_default="0", nullable=False),
        lambda: v(sa.BigInteger, sa.Identity()),
        values=[1, 2, 3],
    ),
    of_column(
        "a column loses IDENTITY",
        lambda: v(sa.Integer, sa.Identity()),
        lambda: v(sa.Integer, nullable=False),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "a column with IDENTITY is added to a table with rows",
        list,
        lambda: [v(sa.Integer, sa.Identity(start=10))],
        refused={"sqlite": "There is no IDENTITY, so nothing says what the rows get."},
        said={"mariadb": "There is no IDENTITY, so the rows get 0."},
    ),
    of_column(
        "a column of IDENTITY becomes BIGINT",
        lambda: v(sa.Integer, sa.Identity()),
        lambda: v(sa.BigInteger, sa.Identity()),
    ),
    change(
        "a table with IDENTITY is made",
        lambda m: things(m, name="others"),
        lambda m: (things(m, name="others"), key(identity(always=True, start=5))(m)),
    ),
    change(
        "a key is numbered from somewhere else",
        key(autoincrement=True),
        lambda m: things(m, C("name", sa.String(20)), mysql_auto_increment="1000"),
        only=["mariadb"],
        because="The number to start with belongs to a sequence.",
    ),
    change(
        "a table is made whose key has a default in Python",
        lambda m: things(m, name="others"),
        lambda m: (things(m, name="others"), key(default=lambda: 5)(m)),
    ),
    change("a sequence is made", things, sequence(), **SEQUENCES),
    change(
        "a sequence is made with options",
        things,
        sequence(start=10, increment=5, minvalue=5, maxvalue=1000, cycle=True, cache=3),
        **SEQUENCES,
    ),
    change("a sequence is dropped", sequence(), things, **SEQUENCES),
    change("a sequence starts elsewhere", sequence(start=1), sequence(start=100), **SEQUENCES),
    change(
        "a sequence takes other steps", sequence(increment=1), sequence(increment=10), **SEQUENCES
    ),
    change(
        "a sequence gets limits",
        sequence(),
        sequence(minvalue=1, maxvalue=1000, cycle=True),
        **SEQUENCES,
    ),
    change(
        "a sequence changes its type",
        sequence(data_type=sa.Integer),
        sequence(data_type=sa.BigInteger),
        without={
            "sqlite": "There are no sequences.",
            "mariadb": "Before MariaDB 11.5 a sequence has no type.",
        },
    ),
    change(
        "a sequence becomes the default of a column", number, numbered_by("numbers"), **SEQUENCES
    ),
    change(
        "a sequence is no longer the default of a column",
        numbered_by("numbers"),
        number,
        **SEQUENCES,
    ),
    change(
        "another sequence is the default of a column",
        numbered_by("numbers"),
        numbered_by("others"),
        **SEQUENCES,
    ),
    change(
        "a table is made whose column has a sequence",
        lambda m: things(m, name="others"),
        lambda m: (things(m, name="others"), numbered_by("numbers")(m)),
    ),
    of_table(
        "a computed column is added",
        lambda: [C("a", sa.Integer)],
        computed(**STORED),
        becomes={"things.v": [2, 4, None]},
    ),
    of_table("a computed column is dropped", computed(**STORED), lambda: [C("a", sa.Integer)]),
    of_table(
        "the expression of a computed column changes",
        computed(**STORED),
        computed("a * 3", **STORED),
        becomes={"things.v": [3, 6, None]},
    ),
    of_table(
        "a virtual column is added",
        lambda: [C("a", sa.Integer)],
        computed(**VIRTUAL),
        becomes={"things.v": [2, 4, None]},
        without=NO_VIRTUAL,
    ),
    of_table(
        "a virtual column is dropped",
        computed(**VIRTUAL),
        lambda: [C("a", sa.Integer)],
        without=NO_VIRTUAL,
    ),
    of_table(
        "a virtual column becomes a stored one",
        computed(**VIRTUAL),
        computed(**STORED),
        without=NO_VIRTUAL,
    ),
    of_table(
        "a stored column becomes a virtual one",
        computed(**STORED),
        computed(**VIRTUAL),
        without=NO_VIRTUAL,
    ),
    of_table(
        "a computed column becomes plain and keeps its values",
        computed(**STORED),
        by_hand(),
        becomes={"things.v": [2, 4, None]},
    ),
    of_table(
        "a computed column becomes plain and NOT NULL",
        computed(**STORED),
        lambda: [C("a", sa.Integer), v(sa.Integer, server_default="7", nullable=False)],
        becomes={"things.v": [2, 4, 7]},
    ),
    of_table(
        "a computed column becomes plain and what it was computed from goes",
        computed(**STORED),
        lambda: [v(sa.Integer)],
        becomes={"things.v": [2, 4, None]},
        one_way=dict.fromkeys(DIALECTS, "What it is computed from comes back without values."),
    ),
    of_table(
        "a computed column becomes plain while what it is computed from gets another type",
        computed(**STORED),
        lambda: [C("a", sa.Numeric(12, 2)), v(sa.Integer)],
        becomes={"things.v": [2, 4, None]},
    ),
    of_table(
        "a column with an index becomes computed, and has it still",
        lambda: [*by_hand()(), sa.Index("ix", "v"), sa.UniqueConstraint("v", "a", name="uq")],
        lambda: [
            *computed(**VIRTUAL)(),
            sa.Index("ix", "v"),
            sa.UniqueConstraint("v", "a", name="uq"),
        ],
        becomes={"things.v": [2, 4, None]},
        without=NO_VIRTUAL,
    ),
    of_table(
        "a plain column becomes computed",
        by_hand(),
        computed(**STORED),
        becomes={"things.v": [2, 4, None]},
    ),
    of_table(
        "a computed column gets another type",
        computed(**STORED),
        lambda: [C("a", sa.Integer), v(sa.BigInteger, sa.Computed("a * 2", persisted=True))],
        becomes={"things.v": [2, 4, None]},
    ),
    of_table(
        "a column that another is computed from is dropped with it",
        computed(**STORED),
        lambda: [C("b", sa.Integer)],
    ),
    of_table(
        "a column that another is computed from becomes longer",
        names("first", **STORED),
        lambda: [
            C("first", sa.String(40)),
            C("last", sa.String(20)),
            C("full", sa.String(50), sa.Computed("first", persisted=True)),
        ],
    ),
    of_table(
        "the text that a computed column adds changes",
        names("replace(first, 'a', 'it''s 100%')", **STORED),
        names("replace(first, 'a', ':b')", **STORED),
    ),
    of_table(
        "a computed column gets an index",
        computed(**STORED),
        lambda: [
            C("a", sa.Integer),
            v(sa.Integer, sa.Computed("a * 2", persisted=True), index=True),
        ],
    ),
)
