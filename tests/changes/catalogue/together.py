"""Several changes at once."""

import sqlalchemy as sa

from tests.changes.change import change, of_table, things

C = sa.Column


def named(length=20, **options):
    return C("name", sa.String(length), **options)


def groups(m, *items):
    return things(m, *items, name="groups")


def convention(m):
    m.naming_convention = {
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }


def index_of_some():
    condition = sa.text("size > 0")
    return sa.Index("ix", "name", postgresql_where=condition, sqlite_where=condition)


def by_convention(declare):
    """Return models whose constraints have names by a convention."""
    return lambda m: (convention(m), declare(m))


def plain(m):
    groups(m)
    things(m, named(), C("size", sa.Integer), C("group_id", sa.Integer))


def constrained(m):
    groups(m)
    things(
        m,
        named(index=True),
        C("size", sa.Integer),
        C("group_id", sa.ForeignKey("groups.id"), unique=True),
        sa.CheckConstraint("size > 0", name="positive"),
        sa.UniqueConstraint("name", "size"),
    )


def shop(m):
    things(m, C("name", sa.String(80), nullable=False), name="customers")
    things(
        m,
        C("customer_id", sa.ForeignKey("customers.id"), nullable=False),
        C("total", sa.Numeric(8, 2)),
        C("note", sa.Text),
        name="orders",
    )
    things(m, C("order_id", sa.ForeignKey("orders.id")), C("what", sa.String(20)), name="lines")


def shop_of_tomorrow(m):
    things(
        m,
        C("name", sa.String(120), nullable=False, index=True),
        C("email", sa.String(120), unique=True),
        name="customers",
    )
    things(m, C("name", sa.String(40)), name="products")
    things(
        m,
        C("customer_id", sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        C("total", sa.Numeric(12, 2), nullable=False, server_default="0"),
        C("status", sa.String(10), nullable=False, server_default="new"),
        name="orders",
    )
    things(
        m,
        C("order_id", sa.ForeignKey("orders.id")),
        C("product_id", sa.ForeignKey("products.id")),
        name="lines",
    )


def indexed(table):
    """Return models of a table whose index and constraints are called as they always were."""
    return lambda m: (
        groups(m),
        things(
            m,
            named(),
            C("group_id", sa.Integer),
            sa.Index("ix_name", "name"),
            sa.UniqueConstraint("name", "group_id", name="uq_name"),
            sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_group"),
            name=table,
        ),
    )


CHANGES = (
    change(
        "another table has an index and constraints of the same names",
        indexed("old"),
        indexed("new"),
    ),
    change(
        "an index and constraints move to another table",
        lambda m: (indexed("old")(m), things(m, named(), C("group_id", sa.Integer))),
        lambda m: (
            indexed("things")(m),
            things(m, named(), C("group_id", sa.Integer), name="old"),
        ),
    ),
    change(
        "a table with a CHECK without a name is dropped, and a convention demands names",
        lambda m: (groups(m), things(m, C("size", sa.Integer), sa.CheckConstraint("size > 0"))),
        by_convention(groups),
        rows={"things": [{"size": 1}]},
    ),
    change(
        "a table with constraints named by a convention is dropped",
        by_convention(constrained),
        by_convention(groups),
    ),
    of_table(
        "one column is added, one dropped, one changed",
        lambda: [named(20), C("old", sa.Integer)],
        lambda: [named(40), C("new", sa.Integer)],
    ),
    of_table(
        "everything of a column changes",
        lambda: [named(20)],
        lambda: [
            named(
                40, nullable=False, server_default="it's", comment="Who.", index=True, unique=True
            )
        ],
        rows={"things": [{"name": "a"}, {"name": None}]},
        becomes={"things.name": ["a", "it's"]},
    ),
    of_table(
        "a column gets the place of another of its kind",
        lambda: [C("first_name", sa.String(20), index=True)],
        lambda: [C("given_name", sa.String(20), index=True)],
    ),
    of_table(
        "an index moves to another column of the same name",
        lambda: [named(), C("title", sa.String(20)), sa.Index("ix", "name")],
        lambda: [named(), C("title", sa.String(20)), sa.Index("ix", "title")],
    ),
    of_table(
        "the index of a column gets a new name while the column gets longer",
        lambda: [named(20), sa.Index("ix_old", "name")],
        lambda: [named(40), sa.Index("ix_new", "name")],
    ),
    of_table(
        "a unique constraint becomes a unique index of another name",
        lambda: [named(), sa.UniqueConstraint("name", name="uq_name")],
        lambda: [named(), sa.Index("ix_name", "name", unique=True)],
    ),
    of_table(
        "an index becomes a unique constraint of another name",
        lambda: [named(), sa.Index("ix_name", "name")],
        lambda: [named(), sa.UniqueConstraint("name", name="uq_name")],
    ),
    of_table(
        "a column with an index and a unique constraint changes its type",
        lambda: [C("code", sa.Integer, index=True), sa.UniqueConstraint("code", name="once")],
        lambda: [C("code", sa.BigInteger, index=True), sa.UniqueConstraint("code", name="once")],
    ),
    of_table(
        "a column with a CHECK and a default changes its type",
        lambda: [
            C("code", sa.Integer, server_default="1"),
            sa.CheckConstraint("code > 0", name="positive"),
        ],
        lambda: [
            C("code", sa.BigInteger, server_default="1"),
            sa.CheckConstraint("code > 0", name="positive"),
        ],
    ),
    of_table(
        "a column that a condition of an index names changes its type",
        lambda: [
            named(),
            C("size", sa.Integer),
            index_of_some(),
        ],
        lambda: [
            named(),
            C("size", sa.BigInteger),
            index_of_some(),
        ],
    ),
    of_table(
        "a column that a condition of an index names is dropped with it",
        lambda: [
            named(),
            C("size", sa.Integer),
            index_of_some(),
        ],
        lambda: [named()],
    ),
    of_table(
        "every column but the key is dropped and others are added",
        lambda: [named(), C("size", sa.Integer), C("born", sa.Date)],
        lambda: [C("title", sa.Text), C("weight", sa.Float)],
    ),
    of_table(
        "the same column is dropped and added with a type that nothing casts to",
        lambda: [C("old_data", sa.LargeBinary), named()],
        lambda: [C("data", sa.Date), named()],
    ),
    of_table(
        "two columns swap their types",
        lambda: [C("a", sa.Integer), C("b", sa.String(20))],
        lambda: [C("a", sa.String(20)), C("b", sa.Integer)],
        rows={"things": [{"a": 1, "b": "10"}, {"a": 2, "b": "20"}]},
        becomes={"things.a": ["1", "2"], "things.b": [10, 20]},
    ),
    change("a table gets every kind of constraint", plain, constrained),
    change("a table loses every kind of constraint", constrained, plain),
    change(
        "a table gets every kind of constraint by a convention",
        by_convention(plain),
        by_convention(constrained),
    ),
    change(
        "a table loses every kind of constraint by a convention",
        by_convention(constrained),
        by_convention(plain),
    ),
    change(
        "a convention names what had the names of the database",
        constrained,
        by_convention(constrained),
    ),
    change(
        "a table is made with every kind of constraint by a convention",
        lambda m: (convention(m), groups(m)),
        by_convention(constrained),
    ),
    change(
        "a whole shop changes",
        shop,
        shop_of_tomorrow,
        rows={"orders": [{"total": 1}, {"total": 2}, {"total": None}]},
        becomes={"orders.total": [1, 2, 0], "orders.status": ["new"] * 3},
    ),
    change("a whole shop changes back", shop_of_tomorrow, shop),
    change(
        "a table that others refer to is dropped, and they refer to a new one",
        lambda m: (groups(m), things(m, C("group_id", sa.ForeignKey("groups.id")))),
        lambda m: (
            things(m, name="teams"),
            things(m, C("team_id", sa.ForeignKey("teams.id"))),
        ),
    ),
    change(
        "two tables change places as targets of each other",
        lambda m: (groups(m), things(m, C("group_id", sa.ForeignKey("groups.id")))),
        lambda m: (things(m), groups(m, C("thing_id", sa.ForeignKey("things.id")))),
    ),
    change(
        "a column moves from one table to another",
        lambda m: (groups(m, C("note", sa.Text)), things(m)),
        lambda m: (groups(m), things(m, C("note", sa.Text))),
    ),
    change(
        "a foreign key becomes a table for many-to-many",
        lambda m: (groups(m), things(m, C("group_id", sa.ForeignKey("groups.id")))),
        lambda m: (
            groups(m),
            things(m),
            sa.Table(
                "members",
                m,
                C("group_id", sa.ForeignKey("groups.id"), primary_key=True),
                C("thing_id", sa.ForeignKey("things.id"), primary_key=True),
            ),
        ),
    ),
    change(
        "a table gets a parent of its own rows, and an index on it",
        lambda m: things(m, named()),
        lambda m: things(
            m, named(), C("parent_id", sa.ForeignKey("things.id", ondelete="SET NULL"), index=True)
        ),
    ),
    change(
        "an index gets the name that an index of another table had",
        lambda m: (groups(m, named(), sa.Index("ix_shared", "name")), things(m, named())),
        lambda m: (groups(m, named()), things(m, named(), sa.Index("ix_shared", "name"))),
    ),
    change(
        "a table is dropped and another is made whose index has the same name",
        lambda m: (groups(m), things(m, named(), sa.Index("ix_shared", "name"), name="old")),
        lambda m: (groups(m), things(m, named(), sa.Index("ix_shared", "name"), name="new")),
    ),
)
