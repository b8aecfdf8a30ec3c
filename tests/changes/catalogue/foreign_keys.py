"""Foreign keys."""

import sqlalchemy as sa

from tests.changes.change import change, things
from tests.support.databases import DIALECTS

C = sa.Column
NO_DEFERRING = {"without": {"mariadb": "A foreign key is never deferred."}}


def groups(m, name="groups", **options):
    return things(m, C("code", sa.Integer, unique=True), name=name, **options)


def parts(*items, targets=("groups",), **options):
    """Return models of targets, and of things with two columns that can refer to them."""

    def models(m):
        for target in targets:
            groups(m, target)
        things(m, C("a", sa.Integer), C("b", sa.Integer), *(make() for make in items), **options)

    return models


def key(column="a", target="groups.id", name="to_group", **options):
    return lambda: sa.ForeignKeyConstraint([column], [target], name=name, **options)


def keys_in_a_circle(**options):
    def models(m):
        things(
            m,
            C("best_id", sa.ForeignKey("parts.id", name="best", use_alter=True, **options)),
        )
        things(m, C("thing_id", sa.ForeignKey("things.id")), name="parts")

    return models


def no_circle(m):
    things(m, C("best_id", sa.Integer))
    things(m, C("thing_id", sa.ForeignKey("things.id")), name="parts")


def unnamed_circle(m):
    things(m, C("best_id", sa.ForeignKey("parts.id")))
    things(m, C("thing_id", sa.ForeignKey("things.id")), name="parts")


def both(name, before, after, **more):
    return change(name, parts(*before), parts(*after), **more)


def pair(m, *columns):
    number = {"primary_key": True, "autoincrement": False}
    sa.Table("pairs", m, C("x", sa.Integer, **number), C("y", sa.Integer, **number))
    keys = (
        [sa.ForeignKeyConstraint(columns, ["pairs.x", "pairs.y"], name="pair")] if columns else []
    )
    things(m, C("a", sa.Integer), C("b", sa.Integer), *keys)


EMPTY_CIRCLE = {"rows": {"things": [{"best_id": None}] * 2, "parts": [{"thing_id": 1}]}}


def without_code(m, *items):
    things(m, name="groups")
    if items:
        things(m, *items)


CHANGES = (
    change(
        "a foreign key goes along with the column that it refers to",
        parts(key(target="groups.code")),
        lambda m: without_code(m, C("a", sa.Integer), C("b", sa.Integer)),
        one_way=dict.fromkeys(DIALECTS, "What it refers to comes back without values."),
    ),
    change(
        "a table goes along with the column that it refers to",
        parts(key(target="groups.code")),
        without_code,
    ),
    both("a foreign key is added", [], [key()]),
    both("a foreign key is dropped", [key()], []),
    both("a foreign key without a name is added", [], [key(name=None)]),
    both("a foreign key without a name is dropped", [key(name=None)], []),
    change(
        "a foreign key refers to another table",
        parts(key(), targets=["groups", "teams"]),
        parts(key(target="teams.id"), targets=["groups", "teams"]),
    ),
    change(
        "a foreign key without a name refers to another table",
        parts(key(name=None), targets=["groups", "teams"]),
        parts(key(name=None, target="teams.id"), targets=["groups", "teams"]),
    ),
    both("a foreign key refers to another column", [key()], [key(target="groups.code")]),
    both("a foreign key is of another column", [key()], [key("b")]),
    both("a foreign key gets ON DELETE CASCADE", [key()], [key(ondelete="CASCADE")]),
    both("a foreign key gets ON DELETE SET NULL", [key()], [key(ondelete="SET NULL")]),
    both(
        "a foreign key gets ON DELETE RESTRICT",
        [key()],
        [key(ondelete="RESTRICT")],
        without={"mariadb": "It is what happens anyway."},
    ),
    both(
        "ON DELETE of a foreign key changes", [key(ondelete="CASCADE")], [key(ondelete="SET NULL")]
    ),
    both("a foreign key loses ON DELETE", [key(ondelete="CASCADE")], [key()]),
    both("a foreign key gets ON UPDATE CASCADE", [key()], [key(onupdate="CASCADE")]),
    both(
        "a foreign key gets both actions",
        [key()],
        [key(ondelete="CASCADE", onupdate="SET NULL")],
    ),
    both(
        "a foreign key without a name gets ON DELETE CASCADE",
        [key(name=None)],
        [key(name=None, ondelete="CASCADE")],
    ),
    both(
        "ON DELETE SET NULL names its columns",
        [key(ondelete="SET NULL")],
        [key(ondelete="SET NULL (a)")],
        only=["postgresql"],
        because="SET NULL takes no columns.",
    ),
    both("a foreign key becomes DEFERRABLE", [key()], [key(deferrable=True)], **NO_DEFERRING),
    both(
        "a foreign key becomes INITIALLY DEFERRED",
        [key(deferrable=True)],
        [key(deferrable=True, initially="DEFERRED")],
        **NO_DEFERRING,
    ),
    both(
        "a foreign key is no longer DEFERRABLE",
        [key(deferrable=True, initially="DEFERRED")],
        [key()],
        **NO_DEFERRING,
    ),
    both(
        "a foreign key gets MATCH FULL",
        [key()],
        [key(match="FULL")],
        without={"mariadb": "SQLAlchemy refuses MATCH, which the database would ignore."},
    ),
    both("a foreign key gets another name", [key()], [key(name="belongs_to")]),
    both("a foreign key gets a name", [key(name=None)], [key()]),
    change(
        "a foreign key over two columns is added",
        pair,
        lambda m: pair(m, "a", "b"),
    ),
    change(
        "the order of the columns of a foreign key changes",
        lambda m: pair(m, "a", "b"),
        lambda m: pair(m, "b", "a"),
    ),
    change(
        "a foreign key to its own table is added",
        lambda m: things(m, C("parent_id", sa.Integer)),
        lambda m: things(m, C("parent_id", sa.ForeignKey("things.id", name="to_parent"))),
    ),
    change(
        "a foreign key to its own table is dropped",
        lambda m: things(m, C("parent_id", sa.ForeignKey("things.id", name="to_parent"))),
        lambda m: things(m, C("parent_id", sa.Integer)),
    ),
    change(
        "a foreign key to its own table gets ON DELETE CASCADE",
        lambda m: things(m, C("parent_id", sa.ForeignKey("things.id"))),
        lambda m: things(m, C("parent_id", sa.ForeignKey("things.id", ondelete="CASCADE"))),
    ),
    both(
        "two foreign keys of one column are told apart",
        [key()],
        [key(), key(target="groups.code", name="to_code")],
    ),
    both(
        "two foreign keys to one table are told apart",
        [key(), key("b", name="to_other")],
        [key(ondelete="CASCADE"), key("b", name="to_other")],
    ),
    change(
        "a foreign key changes its action with its table's others",
        parts(key(), key("b", name=None)),
        parts(key(onupdate="CASCADE"), key("b", name=None, ondelete="SET NULL")),
    ),
    change("a circle of foreign keys is closed", no_circle, keys_in_a_circle(), **EMPTY_CIRCLE),
    change("a circle of foreign keys is opened", keys_in_a_circle(), no_circle, **EMPTY_CIRCLE),
    change(
        "a foreign key of a circle gets ON DELETE SET NULL",
        keys_in_a_circle(),
        keys_in_a_circle(ondelete="SET NULL"),
        **EMPTY_CIRCLE,
    ),
    change(
        "tables in a circle are made",
        groups,
        lambda m: (groups(m), keys_in_a_circle()(m)),
    ),
    change(
        "tables in a circle are dropped",
        lambda m: (groups(m), keys_in_a_circle()(m)),
        groups,
        **EMPTY_CIRCLE,
    ),
    change(
        "tables in a circle without a name are made",
        groups,
        lambda m: (groups(m), unnamed_circle(m)),
    ),
    change(
        "a table that others refer to is dropped with their foreign keys",
        parts(key()),
        lambda m: things(m, C("a", sa.Integer), C("b", sa.Integer)),
        one_way=dict.fromkeys(
            ("postgresql", "mariadb"), "The rows that others refer to do not come back."
        ),
    ),
    change(
        "a foreign key moves to a new table",
        parts(key()),
        parts(key(target="teams.id"), targets=["groups", "teams"]),
        rows={"things": [{"a": None}]},
    ),
    change(
        "a column that a foreign key is about changes its type with its target",
        lambda m: (
            sa.Table("groups", m, C("code", sa.String(10), primary_key=True)),
            things(m, C("code", sa.String(10), sa.ForeignKey("groups.code", name="to_group"))),
        ),
        lambda m: (
            sa.Table("groups", m, C("code", sa.String(20), primary_key=True)),
            things(m, C("code", sa.String(20), sa.ForeignKey("groups.code", name="to_group"))),
        ),
    ),
    change(
        "a column gets a type that refers nowhere any more",
        lambda m: (groups(m), things(m, C("a", sa.ForeignKey("groups.id")))),
        lambda m: (groups(m), things(m, C("a", sa.String(20)))),
        becomes={"things.a": ["1", "2", None]},
    ),
)
