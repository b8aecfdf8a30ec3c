"""Indexes."""

import sqlalchemy as sa

from tests.changes.change import change, of_table, things

C = sa.Column
ONLY_POSTGRESQL = {"only": ["postgresql"], "because": "An index has no such option."}
NO_EXPRESSIONS = {"without": {"mariadb": "An index has no expressions."}}
NO_PARTS = {"without": {"mariadb": "An index has every row."}}
ONLY_MARIADB = {"only": ["mariadb"], "because": "An index has no such option."}


def columns(*items):
    """Return the columns `a`, `b` and `c`, and what else there is, made anew each time."""
    return lambda: [
        C("a", sa.String(40)),
        C("b", sa.Integer),
        C("c", sa.DateTime),
        *(make() for make in items),
    ]


def index(*parts, name="ix", **options):
    return lambda: sa.Index(name, *parts, **options)


def text(sql):
    return sa.text(sql)


def lower():
    return sa.Index("ix", sa.text("lower(a)"))


def where(condition, **options):
    given = {f"{one}_where": sa.text(condition) for one in ("postgresql", "sqlite")}
    return index("a", **given, **options)


CHANGES = (
    of_table("an index is added", columns(), columns(index("a"))),
    of_table("an index is dropped", columns(index("a")), columns()),
    of_table("a unique index is added", columns(), columns(index("a", unique=True))),
    of_table("a unique index is dropped", columns(index("a", unique=True)), columns()),
    of_table("an index becomes unique", columns(index("a")), columns(index("a", unique=True))),
    of_table("an index is no longer unique", columns(index("a", unique=True)), columns(index("a"))),
    of_table("an index gets a column", columns(index("a")), columns(index("a", "b"))),
    of_table("an index loses a column", columns(index("a", "b")), columns(index("a"))),
    of_table(
        "the columns of an index change their order",
        columns(index("a", "b")),
        columns(index("b", "a")),
    ),
    of_table("an index is on another column", columns(index("a")), columns(index("b"))),
    of_table("an index gets another name", columns(index("a")), columns(index("a", name="ix_new"))),
    of_table(
        "two indexes swap their names",
        columns(index("a", name="ix_1"), index("b", name="ix_2")),
        columns(index("b", name="ix_1"), index("a", name="ix_2")),
    ),
    of_table(
        "a column gets index=True",
        columns(),
        lambda: [C("a", sa.String(40), index=True), C("b", sa.Integer), C("c", sa.DateTime)],
    ),
    of_table(
        "an index of expressions is added",
        columns(),
        columns(lower),
        **NO_EXPRESSIONS,
    ),
    of_table(
        "an index of expressions is dropped",
        columns(lower),
        columns(),
        **NO_EXPRESSIONS,
    ),
    of_table(
        "the expression of an index changes",
        columns(lower),
        columns(lambda: sa.Index("ix", text("upper(a)"))),
        **NO_EXPRESSIONS,
    ),
    of_table(
        "an index of a column becomes one of an expression",
        columns(index("a")),
        columns(lower),
        **NO_EXPRESSIONS,
    ),
    of_table(
        "an index of a column and an expression is unique",
        columns(),
        columns(lambda: sa.Index("ix", "b", text("lower(a)"), unique=True)),
        **NO_EXPRESSIONS,
    ),
    of_table(
        "an index becomes one of part of the rows",
        columns(index("a")),
        columns(where("b > 0")),
        **NO_PARTS,
    ),
    of_table(
        "the condition of an index changes",
        columns(where("b > 0")),
        columns(where("b > 1 AND a <> 'it''s 100%'")),
        **NO_PARTS,
    ),
    of_table(
        "an index loses its condition", columns(where("b > 0")), columns(index("a")), **NO_PARTS
    ),
    of_table(
        "a unique index of part of the rows is added with its column",
        lambda: [C("a", sa.String(40)), C("b", sa.Integer)],
        lambda: [
            C("a", sa.String(40)),
            C("b", sa.Integer),
            C("gone_at", sa.DateTime),
            sa.Index(
                "ix",
                "a",
                unique=True,
                postgresql_where=text("gone_at IS NULL"),
                sqlite_where=text("gone_at IS NULL"),
            ),
        ],
    ),
    of_table(
        "an index becomes DESC",
        columns(index("a")),
        columns(lambda: sa.Index("ix", sa.desc("a"))),
    ),
    of_table(
        "an index is no longer DESC",
        columns(lambda: sa.Index("ix", text("a DESC"))),
        columns(index("a")),
    ),
    of_table(
        "NULLs come last in an index",
        columns(lambda: sa.Index("ix", text("b DESC"))),
        columns(lambda: sa.Index("ix", text("b DESC NULLS LAST"))),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "an index gets INCLUDE",
        columns(index("a")),
        columns(index("a", postgresql_include=["b"])),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "INCLUDE of an index changes",
        columns(index("a", postgresql_include=["b"])),
        columns(index("a", postgresql_include=["b", "c"])),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "an index becomes one of another method",
        columns(index("a")),
        columns(index("a", postgresql_using="hash")),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "the operators of an index change",
        columns(index("a")),
        columns(index("a", postgresql_ops={"a": "varchar_pattern_ops"})),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "an index gets a parameter of its storage",
        columns(index("a")),
        columns(index("a", postgresql_with={"fillfactor": 70})),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "a parameter of the storage of an index changes",
        columns(index("a", postgresql_with={"fillfactor": 70})),
        columns(index("a", postgresql_with={"fillfactor": 50})),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "NULLs become equal to each other for a unique index",
        columns(index("a", unique=True)),
        columns(index("a", unique=True, postgresql_nulls_not_distinct=True)),
        **ONLY_POSTGRESQL,
    ),
    of_table(
        "an index is added concurrently",
        columns(),
        columns(index("a", postgresql_concurrently=True)),
    ),
    of_table(
        "an index is dropped concurrently",
        columns(index("a", postgresql_concurrently=True)),
        columns(),
    ),
    of_table(
        "an index gets the length of a prefix",
        columns(index("a")),
        columns(index("a", mysql_length=10, mariadb_length=10)),
        **ONLY_MARIADB,
    ),
    of_table(
        "the length of a prefix of an index changes",
        columns(index("a", "b", mysql_length={"a": 10}, mariadb_length={"a": 10})),
        columns(index("a", "b", mysql_length={"a": 20}, mariadb_length={"a": 20})),
        **ONLY_MARIADB,
    ),
    of_table(
        "an index of words is added",
        columns(index("b", name="ix_b")),
        columns(
            index("b", name="ix_b"),
            index("a", mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT"),
        ),
    ),
    of_table(
        "an index becomes one of words",
        columns(index("a")),
        columns(index("a", mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")),
        **ONLY_MARIADB,
    ),
    of_table(
        "an index gets a collation",
        columns(index("a")),
        columns(lambda: sa.Index("ix", text("a COLLATE NOCASE"))),
        only=["sqlite"],
        because="There is no such collation.",
    ),
    change(
        "an index that a foreign key uses becomes longer",
        lambda m: (
            things(m, name="groups"),
            things(
                m,
                C("group_id", sa.ForeignKey("groups.id")),
                C("b", sa.Integer),
                sa.Index("ix", "group_id"),
            ),
        ),
        lambda m: (
            things(m, name="groups"),
            things(
                m,
                C("group_id", sa.ForeignKey("groups.id")),
                C("b", sa.Integer),
                sa.Index("ix", "group_id", "b"),
            ),
        ),
    ),
    change(
        "an index that a foreign key uses is dropped",
        lambda m: (
            things(m, name="groups"),
            things(m, C("group_id", sa.ForeignKey("groups.id"), index=True)),
        ),
        lambda m: (
            things(m, name="groups"),
            things(m, C("group_id", sa.ForeignKey("groups.id"))),
        ),
    ),
    change(
        "an index that a foreign key can use is added",
        lambda m: (
            things(m, name="groups"),
            things(m, C("group_id", sa.ForeignKey("groups.id"))),
        ),
        lambda m: (
            things(m, name="groups"),
            things(m, C("group_id", sa.ForeignKey("groups.id"), index=True)),
        ),
    ),
)
