"""Inherited and partitioned tables."""

import datetime as dt

import sqlalchemy as sa

from tests.changes.change import change, dialect_of, things

C = sa.Column
CHILDREN = {"only": ["postgresql"], "because": "A table has no parent."}
PARTITIONS = {"only": ["mariadb"], "because": "A table is not cut into such partitions."}
DAYS = {"rows": {"events": [{"day": dt.date(2024, 1, 1)}, {"day": dt.date(2025, 1, 1)}]}}


def family(parent=(), child=(), inherits="things"):
    """Return models of a table and of one that has its columns from it."""

    def models(m):
        things(m, *(make() for make in parent))
        things(m, name="others")
        options = {"postgresql_inherits": inherits} if inherits else {}
        own = [C("id", sa.Integer, primary_key=True), C("own", sa.Integer)]
        sa.Table("children", m, *own, *(make() for make in child), **options)

    return models


def parents(m):
    things(m)
    things(m, name="others")


def no_table(m):
    """Declare no table."""


def named(length=20):
    return lambda: C("name", sa.String(length))


def only_on_postgresql(declare):
    """Return models that have no tables of a kind on the databases that have none."""

    def models(m):
        things(m, name="others")
        if dialect_of(m) == "postgresql":
            declare(m)

    return models


def events(*items, years=(2024, 2025)):
    """Return models of a table with a partition a year."""

    def models(m):
        table = sa.Table(
            "events",
            m,
            C("id", sa.Integer, primary_key=True, autoincrement=False),
            C("day", sa.Date, primary_key=True),
            C("what", sa.String(20)),
            *(make() for make in items),
            postgresql_partition_by="RANGE (day)",
        )
        for year in years:
            sa.event.listen(table, "after_create", partition(year))

    return only_on_postgresql(models)


def partition(year):
    return sa.DDL(
        f"CREATE TABLE events_{year} PARTITION OF events "
        f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
    ).execute_if(dialect="postgresql")


def hashed(*items, partitions=4):
    """Return models of a table that MariaDB cuts into parts."""
    options = {"mysql_partition_by": "HASH(id)", "mysql_partitions": str(partitions)}
    return lambda m: things(m, *(make() for make in items), **(options if partitions else {}))


def cut_by_somebody(*items):
    """Return models that do not tell of the parts that their table is in: those stay."""
    cut = sa.DDL("ALTER TABLE things PARTITION BY HASH(id) PARTITIONS 4")

    def models(m):
        table = things(m, *(make() for make in items))
        sa.event.listen(table, "after_create", cut.execute_if(dialect=("mysql", "mariadb")))

    return models


def partitioned(name, before, after, **more):
    return change(
        name,
        before,
        after,
        only=["postgresql"],
        because="It is cut in another way.",
        **DAYS,
        **more,
    )


CHANGES = (
    change("a table with a parent is made", parents, family()),
    change(
        "a table with a parent is dropped",
        family(),
        parents,
    ),
    change(
        "a parent gets a column, and its children with it",
        family(),
        family(parent=[named()]),
    ),
    change("a parent loses a column, and its children with it", family(parent=[named()]), family()),
    change(
        "a column of a parent becomes longer",
        family(parent=[named(20)]),
        family(parent=[named(40)]),
    ),
    change("a table with a parent gets a column of its own", family(), family(child=[named()])),
    change(
        "a table with a parent changes a column of its own",
        family(parent=[lambda: C("size", sa.Integer)], child=[named(20)]),
        family(parent=[lambda: C("size", sa.Integer)], child=[named(40)]),
    ),
    change("a table gets a parent", family(inherits=None), family(), **CHILDREN),
    change("a table loses its parent", family(), family(inherits=None), **CHILDREN),
    change("a table gets another parent", family(), family(inherits="others"), **CHILDREN),
    partitioned(
        "a partitioned table is made",
        only_on_postgresql(no_table),
        events(years=()),
        said={"postgresql": "Models tell how it is cut, and of no partition."},
    ),
    partitioned("a partitioned table is dropped", events(), only_on_postgresql(no_table)),
    partitioned(
        "a partitioned table gets a column", events(), events(lambda: C("size", sa.Integer))
    ),
    partitioned(
        "a partitioned table gets an index",
        events(),
        events(lambda: sa.Index("ix_what", "what")),
    ),
    partitioned(
        "a partitioned table loses an index",
        events(lambda: sa.Index("ix_what", "what")),
        events(),
    ),
    partitioned(
        "a partitioned table gets a CHECK",
        events(),
        events(lambda: sa.CheckConstraint("id > 0", name="positive")),
    ),
    change(
        "another table changes beside a partitioned one",
        events(),
        lambda m: (events()(m), m.tables["others"].append_column(C("w", sa.Integer))),
        **DAYS,
    ),
    change(
        "a table cut into parts gets a column",
        hashed(),
        hashed(lambda: C("w", sa.Integer)),
    ),
    change(
        "a table cut into parts gets an index",
        hashed(lambda: C("w", sa.Integer)),
        hashed(lambda: C("w", sa.Integer), lambda: sa.Index("ix", "w")),
    ),
    change("a table is cut into parts", hashed(partitions=0), hashed(), **PARTITIONS),
    change("a table is cut into more parts", hashed(), hashed(partitions=8), **PARTITIONS),
    change(
        "a table that somebody else cuts into parts gets a column",
        cut_by_somebody(),
        cut_by_somebody(lambda: C("w", sa.Integer)),
    ),
)
