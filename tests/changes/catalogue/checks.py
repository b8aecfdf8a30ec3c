"""CHECK and EXCLUDE constraints."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.changes.change import change, dialect_of, of_table, things, v

C = sa.Column
ONLY_POSTGRESQL = {"only": ["postgresql"], "because": "There is no EXCLUDE."}


def number(*items):
    """Return the columns `v` and `w`, and what else there is, made anew each time."""
    return lambda: [v(sa.Integer), C("w", sa.String(20)), *(make() for make in items)]


def check(condition="v > 0", name="positive", **options):
    return lambda: sa.CheckConstraint(condition, name=name, **options)


def of_column(*conditions):
    """Return models whose CHECK, without a name, is one of the column."""
    checks = lambda: [sa.CheckConstraint(condition) for condition in conditions]  # noqa: E731
    return lambda: [v(sa.Integer, *checks()), C("w", sa.String(20))]


def nameless(m):
    """Declare a table with several CHECKs without a name, some of them about one column."""
    conditions = (
        "v > 0",
        "v <> 5",
        "v BETWEEN 1 AND 99 AND v % 7 = 1",
        "v > length(w)",
        "w <> 'v'",
    )
    things(m, *number(*(check(one, None) for one in conditions))(), name="nameless")


def others(m):
    things(m, name="others")


def exclude(operator="&&", **options):
    """Return models where spans may not overlap."""

    def models(m):
        if dialect_of(m) != "postgresql":
            return things(m, C("span", sa.String(9)))
        constraint = postgresql.ExcludeConstraint(
            ("span", operator), name="apart", using="gist", **options
        )
        return things(m, C("span", postgresql.INT4RANGE), constraint)

    return models


def spans(m):
    type_ = postgresql.INT4RANGE() if dialect_of(m) == "postgresql" else sa.String(9)
    things(m, C("span", type_))


def convention(m):
    m.naming_convention = {"ck": "ck_%(table_name)s_%(constraint_name)s"}


SPANS = {
    "rows": {
        "things": [{"span": postgresql.Range(1, 5)}, {"span": postgresql.Range(5, 9)}],
    }
}

CHANGES = (
    of_table("a CHECK is added", number(), number(check())),
    of_table("a CHECK is dropped", number(check()), number()),
    of_table("a CHECK without a name is added", number(), number(check(name=None))),
    of_table("a CHECK without a name is dropped", number(check(name=None)), number()),
    of_table("the condition of a CHECK changes", number(check()), number(check("v >= 1"))),
    of_table(
        "the condition of a CHECK without a name changes",
        number(check(name=None)),
        number(check("v >= 1", name=None)),
    ),
    of_table("a CHECK gets another name", number(check()), number(check(name="above_zero"))),
    of_table("a CHECK gets a name", number(check(name=None)), number(check())),
    of_table(
        "a second CHECK is added", number(check()), number(check(), check("v < 100", name="small"))
    ),
    of_table(
        "one of two CHECKs without a name is dropped",
        number(check(name=None), check("v < 100", name=None)),
        number(check(name=None)),
    ),
    of_table(
        "a CHECK is added with quotes, percent signs and colons",
        number(),
        number(check("w <> 'it''s 100% of :this'")),
    ),
    of_table(
        "a CHECK that has a backslash changes",
        number(check("w <> 'a'")),
        number(check("w <> 'b;-- \"c\" {d}'")),
    ),
    of_table("a CHECK is added with IN", number(), number(check("w IN ('w 1', 'w 2')"))),
    of_table(
        "the members of IN change",
        number(check("w IN ('w 1', 'w 2')")),
        number(check("w IN ('w 1', 'w 2', 'w 3')")),
    ),
    of_table("a CHECK is added with BETWEEN", number(), number(check("v BETWEEN 1 AND 100"))),
    of_table(
        "a CHECK over several columns is added",
        number(),
        number(check("v IS NOT NULL OR w IS NULL", name="both_or_none")),
    ),
    of_table("a CHECK of functions is added", number(), number(check("length(lower(w)) > 2"))),
    of_table("a CHECK of a column is added", number(), of_column("v > 0")),
    of_table("a CHECK of a column is dropped", of_column("v > 0"), number()),
    of_table("a CHECK of a column changes", of_column("v > 0"), of_column("v >= 1")),
    of_table(
        "a CHECK that a SQLAlchemy expression makes changes",
        lambda: [v(sa.Integer), sa.CheckConstraint(sa.column("v") > 0, name="positive")],
        lambda: [v(sa.Integer), sa.CheckConstraint(sa.column("v") > -1, name="positive")],
    ),
    change(
        "a CHECK is added whose name a convention makes",
        lambda m: (convention(m), things(m, v(sa.Integer))),
        lambda m: (
            convention(m),
            things(m, v(sa.Integer), sa.CheckConstraint("v > 0", name="positive")),
        ),
    ),
    change(
        "a CHECK is dropped whose name a convention made",
        lambda m: (
            convention(m),
            things(m, v(sa.Integer), sa.CheckConstraint("v > 0", name="positive")),
        ),
        lambda m: (convention(m), things(m, v(sa.Integer))),
    ),
    change("an EXCLUDE is added", spans, exclude(), **SPANS, **ONLY_POSTGRESQL),
    change("an EXCLUDE is dropped", exclude(), spans, **SPANS, **ONLY_POSTGRESQL),
    change(
        "the operator of an EXCLUDE changes",
        exclude(),
        exclude("="),
        **SPANS,
        **ONLY_POSTGRESQL,
    ),
    change(
        "an EXCLUDE gets a condition",
        exclude(),
        exclude(where=sa.text("id > 1")),
        **SPANS,
        **ONLY_POSTGRESQL,
    ),
    change(
        "an EXCLUDE becomes DEFERRABLE",
        exclude(),
        exclude(deferrable=True, initially="DEFERRED"),
        **SPANS,
        **ONLY_POSTGRESQL,
    ),
    change(
        "a table with an EXCLUDE is made",
        lambda m: things(m, name="others"),
        lambda m: (things(m, name="others"), exclude()(m)),
    ),
    change("a table with CHECKs without a name is made", others, nameless),
    change(
        "a table with CHECKs without a name is dropped",
        nameless,
        others,
        rows={"nameless": [{"v": 8}, {"v": 22}]},
    ),
)
