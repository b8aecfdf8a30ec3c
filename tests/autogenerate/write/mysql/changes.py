"""What MariaDB names and makes by itself."""

import datetime as dt

import sqlalchemy as sa

from tests.changes.change import change, things, v

C = sa.Column
ONLY_MARIADB = {"only": ["mariadb"], "because": "The database does no such thing."}


def groups(m):
    return things(m, C("code", sa.String(9), unique=True), C("size", sa.Integer), name="groups")


def members(*items):
    """Return models of a table that may refer to another one."""
    return lambda m: (
        groups(m),
        things(m, C("group_id", sa.Integer), C("b", sa.Integer), *(make() for make in items)),
    )


def key(column="group_id", target="groups.id", name=None, **options):
    return lambda: sa.ForeignKeyConstraint([column], [target], name=name, **options)


def index(*columns, name="ix_members"):
    return lambda: sa.Index(name, *columns)


def check(condition, name=None):
    return lambda: sa.CheckConstraint(condition, name=name)


def checked(condition=None, type_=sa.Integer, **options):
    """Return models of a column that has a CHECK of its own."""
    own = [condition] if condition else []
    return lambda m: things(m, v(type_, *map(sa.CheckConstraint, own), **options))


def with_options(**options):
    """Return models of a table with all kinds of texts."""
    given = {f"mysql_{name}": value for name, value in options.items()}
    return lambda m: things(
        m,
        C("name", sa.String(20)),
        C("body", sa.Text),
        C("exact", sa.String(20, collation="utf8mb4_bin")),
        C("kind", sa.Enum("a", "b")),
        C("document", sa.JSON),
        **given,
    )


def keyed_by_text(**options):
    """Return models of two tables that a text connects."""
    given = {f"mysql_{name}": value for name, value in options.items()}
    return lambda m: (
        sa.Table("groups", m, C("id", sa.String(9), primary_key=True), **given),
        things(m, C("group_id", sa.ForeignKey("groups.id")), **given),
    )


def pair(*, is_numbered):
    return lambda m: sa.Table(
        "things",
        m,
        C("a", sa.Integer, primary_key=True, autoincrement=True),
        C("b", sa.Integer, primary_key=is_numbered, nullable=False),
    )


def hostile(type_, *items):
    return lambda m: sa.Table(
        'we`ird: "table"',
        m,
        C("i d", type_, primary_key=True),
        C("o(x)s", sa.String(9)),
        C(":p", sa.Integer),
        *(make() for make in items),
    )


ON_CHANGE = sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")


def circle(m, *items):
    """Declare two tables, of which the first one refers to the other by a key made last."""
    sa.Sequence("numbers", metadata=m, start=10)
    late = sa.ForeignKeyConstraint(["v"], ["things.id"], name="fk_late", use_alter=True)
    things(m, C("v", sa.Integer), late, name="first")
    things(m, *items)


def late_key(m, type_, name):
    """Declare a table that may be made before the one that it refers to."""
    late = sa.ForeignKeyConstraint(["other_id"], ["things.id"], name=name, use_alter=True)
    sa.Table("early", m, C("id", sa.Integer, primary_key=True), C("other_id", type_), late)
    sa.Table("things", m, C("id", type_, primary_key=True))


def in_key(m, column):
    """Declare a table with a column that is in the key, before its id."""
    sa.Table("things", m, C("id", sa.Integer), column, sa.PrimaryKeyConstraint(column.name, "id"))


def between(type_=sa.Integer, *, is_keyed=True, **keys):
    """Return models of a table between `things` and `groups`, with unnamed keys in this order."""
    number = {"primary_key": is_keyed, "autoincrement": False}
    targets = {"t_id": "things.id", "g_id": "groups.id"}

    def models(m):
        groups(m)
        sa.Table("things", m, C("id", type_, primary_key=True))
        columns = [C("t_id", type_, **number), C("g_id", sa.Integer, **number)]
        made = (sa.ForeignKeyConstraint([one], [targets[one]], **keys[one]) for one in keys)
        sa.Table("links", m, *columns, *made)

    return models


def in_pairs(*items, first=None):
    """Return models of a table whose primary key begins with a column, if it has one."""
    second = "b" if first == "group_id" else "group_id"

    def models(m):
        groups(m)
        pair = [C(one, sa.Integer, nullable=False) for one in ("group_id", "b")]
        keyed = [sa.PrimaryKeyConstraint(first, second)] if first else []
        sa.Table("things", m, *pair, key()(), *keyed, *(make() for make in items))

    return models


CHANGES = (
    change(
        "a second foreign key without a name comes", members(key("b")), members(key(), key("b"))
    ),
    change(
        "the first of two keys without a name goes", members(key(), key("b")), members(key("b"))
    ),
    change(
        "a foreign key uses another index than before",
        members(key(), index("group_id", "b")),
        members(key(), index("group_id", name="ix_other")),
    ),
    change(
        "an index that a foreign key uses loses a column",
        members(key(), index("group_id", "b")),
        members(key(), index("group_id")),
    ),
    change(
        "a foreign key uses a unique constraint instead of an index",
        members(key(), index("group_id")),
        members(key(), lambda: sa.UniqueConstraint("group_id", name="once")),
    ),
    change(
        "a foreign key gets an index over more than its column",
        members(key(name="to_group")),
        members(key(name="to_group"), index("group_id", "b")),
    ),
    change(
        "a foreign key goes and its index stays",
        members(key(), index("group_id")),
        members(index("group_id")),
    ),
    change(
        "CHECKs without a name come before one that is there",
        members(check("b >= 0"), check("b <> 77")),
        members(check("group_id > -5"), check("b >= 0"), check("group_id <> 99")),
    ),
    change("a column gets a CHECK of its own", checked(), checked("v >= 0")),
    change("a column loses a CHECK of its own", checked("v >= 0"), checked()),
    change(
        "a column with a CHECK of its own gets another type",
        checked("v >= 0"),
        checked("v >= 0", sa.BigInteger, comment="it's", server_default="4"),
        **ONLY_MARIADB,
    ),
    change("a column with a CHECK of its own comes", things, checked("v >= 0")),
    change(
        "a table with partitions is made of one without",
        with_options(),
        with_options(partition_by="HASH (id)", partitions="4"),
        **ONLY_MARIADB,
    ),
    change(
        "the collation of a table becomes that of one of its columns",
        with_options(),
        with_options(collate="utf8mb4_bin"),
        **ONLY_MARIADB,
    ),
    change(
        "a table with texts gets another character set",
        with_options(),
        with_options(charset="latin1"),
        **ONLY_MARIADB,
    ),
    change(
        "tables that a text connects get another collation",
        keyed_by_text(),
        keyed_by_text(collate="utf8mb4_bin"),
        **ONLY_MARIADB,
    ),
    change(
        "a text comes along with another collation of its table",
        things,
        lambda m: things(
            m, C("body", sa.Text), C("kind", sa.Enum("a", "b")), mysql_collate="utf8mb4_bin"
        ),
        **ONLY_MARIADB,
    ),
    change(
        "a column that others are computed of goes with a numbered key",
        lambda m: sa.Table(
            "things",
            m,
            C("id", sa.Integer),
            C("code", sa.String(40)),
            C("first", sa.Text, sa.Computed("substr(code, 1, 1)", persisted=False)),
            sa.PrimaryKeyConstraint("code", "id"),
        ),
        things,
        rows={"things": [{"code": "abc"}]},
        **ONLY_MARIADB,
    ),
    change(
        "a key without a name comes whose column changes, and another goes",
        lambda m: (groups(m), things(m, C("a", sa.ForeignKey("groups.id")), C("b", sa.Boolean))),
        lambda m: (
            groups(m),
            things(m, C("a", sa.Integer), C("b", sa.Integer), name="others"),
            things(
                m,
                C("a", sa.Integer),
                C("b", sa.Integer),
                sa.ForeignKeyConstraint(["b"], ["others.id"]),
            ),
        ),
        rows={"groups": [], "things": [{"b": None}]},
        **ONLY_MARIADB,
    ),
    change(
        "a time that is set on every change is required",
        lambda m: things(m, C("made", sa.DateTime)),
        lambda m: things(m, C("made", sa.DateTime, server_default=ON_CHANGE, nullable=False)),
        rows={"things": [{"made": dt.datetime(2026, 1, 2)}]},  # noqa: DTZ001
        **ONLY_MARIADB,
    ),
    change(
        "a column comes beside a sequence and a late key",
        circle,
        lambda m: circle(m, C("v", sa.Integer)),
        rows={"things": [{}], "first": [{"v": None}]},
        **ONLY_MARIADB,
    ),
    change(
        "several options of a table change at once",
        with_options(),
        with_options(row_format="DYNAMIC", stats_persistent="1", collate="utf8mb4_unicode_ci"),
        **ONLY_MARIADB,
    ),
    change(
        "a numbered key gets a column",
        pair(is_numbered=False),
        pair(is_numbered=True),
        **ONLY_MARIADB,
    ),
    change(
        "a required column with a default in Python joins a numbered key",
        things,
        lambda m: in_key(m, C("code", sa.String(20), nullable=False, default="it's")),
        rows={"things": [{}]},
        becomes={"things.code": ["it's"]},
        **ONLY_MARIADB,
    ),
    change(
        "a column joins a numbered key with a type that the old one has no cast to",
        lambda m: things(m, C("code", sa.Uuid)),
        lambda m: in_key(m, C("code", sa.Integer, nullable=False)),
        rows={"things": []},
        **ONLY_MARIADB,
    ),
    change(
        "a late key gets another name while both of its columns get another type",
        lambda m: late_key(m, sa.BigInteger, "before"),
        lambda m: late_key(m, sa.SmallInteger, "after"),
        rows={"early": [], "things": []},
        **ONLY_MARIADB,
    ),
    change(
        "an index takes the place of a foreign key on the same column",
        members(key(name="fk_things_group")),
        members(index("group_id", name="ix_things_group")),
        **ONLY_MARIADB,
    ),
    change(
        "a table with hostile names changes everywhere",
        hostile(sa.Integer),
        hostile(
            sa.BigInteger,
            lambda: C("select", sa.Integer, nullable=False, server_default="1"),
            lambda: sa.Index("in`dex", "o(x)s"),
            lambda: sa.CheckConstraint(r"`\:p` > -1", name="che`ck"),
        ),
        **ONLY_MARIADB,
    ),
    change(
        "the later one of two keys without a name is declared first and gets another type",
        between(g_id={}, t_id={}),
        between(sa.BigInteger, t_id={}, g_id={}),
    ),
    change(
        "the later one of two keys without a name is declared first and gets another action",
        between(g_id={}, t_id={}),
        between(t_id={"ondelete": "CASCADE"}, g_id={}),
    ),
    change(
        "a key without a name comes before one that changes its type",
        between(t_id={}),
        between(sa.BigInteger, g_id={}, t_id={}),
    ),
    change(
        "the first of two keys without a name goes and the other one changes its type",
        between(g_id={}, t_id={}),
        between(sa.BigInteger, t_id={}),
    ),
    change(
        "the index of a foreign key goes where a new primary key begins with its column",
        between(is_keyed=False, t_id={}, g_id={}),
        between(t_id={}, g_id={}),
        rows={"links": [{"t_id": 1, "g_id": 2}, {"t_id": 2, "g_id": 1}]},
    ),
    change(
        "an index that a foreign key uses goes where another primary key begins with its column",
        in_pairs(index("group_id", "b"), first="b"),
        in_pairs(first="group_id"),
    ),
    change(
        "the columns of two foreign keys become the primary key in place of a numbered one",
        lambda m: (
            groups(m),
            things(
                m,
                C("a_id", sa.ForeignKey("groups.id")),
                C("b_id", sa.ForeignKey("groups.id")),
            ),
        ),
        lambda m: (
            groups(m),
            sa.Table(
                "things",
                m,
                C("a_id", sa.ForeignKey("groups.id"), primary_key=True),
                C("b_id", sa.ForeignKey("groups.id"), primary_key=True),
            ),
        ),
        rows={"things": [{"a_id": 1, "b_id": 2}, {"a_id": 2, "b_id": 2}]},
    ),
    change(
        "a primary key and an index take over from two indexes that foreign keys use",
        in_pairs(index("b", name="ix_b"), key("b")),
        in_pairs(index("b", "group_id", name="ix_b"), key("b"), first="group_id"),
    ),
    change(
        "a new unique constraint takes over from the index of a foreign key",
        members(key()),
        members(key(), lambda: sa.UniqueConstraint("group_id", "b")),
    ),
    change(
        "a unique constraint that a foreign key uses goes with one of its columns",
        in_pairs(lambda: C("c", sa.Integer), lambda: sa.UniqueConstraint("group_id", "c")),
        in_pairs(first="group_id"),
    ),
)
