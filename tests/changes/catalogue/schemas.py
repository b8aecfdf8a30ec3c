"""Schemas."""

import sqlalchemy as sa

from tests.changes.change import change, things, v

C = sa.Column
SCHEMAS = {
    "without": {
        "sqlite": "A schema is an attached file.",
        "mariadb": "A schema is another database, which migrations do not make.",
    }
}
HOSTILE = 'Ware "House" 100%'


def table(schema, *items, name="things", **options):
    """Return models of a table in a schema."""
    return lambda m: things(m, *(make() for make in items), name=name, schema=schema, **options)


def both(*models):
    return lambda m: [declare(m) for declare in models]


def named():
    return C("name", sa.String(20))


def mood(schema, *labels):
    return lambda: C("mood", sa.Enum(*labels, name="mood", schema=schema))


def refers_to(target, **options):
    return lambda: C("a", sa.ForeignKey(target, **options))


HERE = table(None)


def in_schema(name, before, after, **more):
    return change(name, before, after, **SCHEMAS, **more)


CHANGES = (
    in_schema("the first table of a schema is made", HERE, both(HERE, table("stock"))),
    in_schema("the last table of a schema is dropped", both(HERE, table("stock")), HERE),
    in_schema(
        "a table is made in a schema that is there",
        table("stock"),
        both(table("stock"), table("stock", name="others")),
    ),
    in_schema(
        "a table is dropped from a schema that stays",
        both(table("stock"), table("stock", name="others")),
        table("stock"),
    ),
    in_schema("a column is added to a table in a schema", table("stock"), table("stock", named)),
    in_schema(
        "a column is dropped from a table in a schema", table("stock", named), table("stock")
    ),
    in_schema(
        "a column of a table in a schema changes its type and its default",
        table("stock", lambda: v(sa.String(20))),
        table("stock", lambda: v(sa.String(40), server_default="x")),
    ),
    in_schema(
        "a column of a table in a schema becomes NOT NULL",
        table("stock", lambda: v(sa.String(20), server_default="x")),
        table("stock", lambda: v(sa.String(20), server_default="x", nullable=False)),
        becomes={"stock.things.v": ["v 1", "v 2", "x"]},
        rows={"stock.things": [{"v": "v 1"}, {"v": "v 2"}, {"v": None}]},
    ),
    in_schema(
        "an index of a table in a schema is added",
        table("stock", named),
        table("stock", named, lambda: sa.Index("ix", "name")),
    ),
    in_schema(
        "an index of a table in a schema is dropped",
        table("stock", named, lambda: sa.Index("ix", "name")),
        table("stock", named),
    ),
    in_schema(
        "a unique constraint of a table in a schema is added",
        table("stock", named),
        table("stock", named, lambda: sa.UniqueConstraint("name", name="once")),
    ),
    in_schema(
        "a comment on a table in a schema is added",
        table("stock", named),
        table("stock", named, comment="It's here."),
    ),
    in_schema(
        "a foreign key to another schema is added",
        both(HERE, table("stock", lambda: C("a", sa.Integer))),
        both(HERE, table("stock", refers_to("things.id"))),
    ),
    in_schema(
        "a foreign key to another schema is dropped",
        both(HERE, table("stock", refers_to("things.id"))),
        both(HERE, table("stock", lambda: C("a", sa.Integer))),
    ),
    in_schema(
        "a foreign key from outside a schema into it gets ON DELETE CASCADE",
        both(table("stock", name="groups"), table(None, refers_to("stock.groups.id"))),
        both(
            table("stock", name="groups"),
            table(None, refers_to("stock.groups.id", ondelete="CASCADE")),
        ),
    ),
    in_schema(
        "a foreign key inside of a schema is added",
        both(table("stock", name="groups"), table("stock", lambda: C("a", sa.Integer))),
        both(table("stock", name="groups"), table("stock", refers_to("stock.groups.id"))),
    ),
    in_schema(
        "a table moves to another schema",
        both(HERE, table("old", named, name="movers")),
        both(HERE, table("new", named, name="movers")),
    ),
    in_schema(
        "a table moves from a schema to the default one",
        both(HERE, table("old", named, name="movers")),
        both(HERE, table(None, named, name="movers")),
    ),
    in_schema(
        "one of two tables of the same name gets a column",
        both(table("a"), table("b")),
        both(table("a"), table("b", named)),
    ),
    in_schema(
        "tables of the same name in two schemas change in other ways",
        both(table("a", named), table("b", lambda: C("size", sa.Integer))),
        both(table("a"), table("b", lambda: C("size", sa.BigInteger))),
    ),
    in_schema(
        "an enum in a schema is made",
        table("stock"),
        table("stock", mood("stock", "low", "high")),
    ),
    in_schema(
        "an enum in a schema gets a value",
        table("stock", mood("stock", "low", "high")),
        table("stock", mood("stock", "low", "mid", "high")),
    ),
    in_schema(
        "an enum in a schema is dropped with its last column",
        table("stock", mood("stock", "low", "high")),
        table("stock"),
    ),
    in_schema(
        "a sequence in a schema is made",
        table("stock"),
        lambda m: (table("stock")(m), sa.Sequence("numbers", schema="stock", metadata=m)),
    ),
    in_schema(
        "a schema with a hostile name gets a table",
        HERE,
        both(HERE, table(HOSTILE, named, lambda: sa.Index("ix", "name"))),
    ),
    in_schema(
        "a table in a schema with a hostile name gets a column",
        table(HOSTILE),
        table(HOSTILE, named),
    ),
    in_schema(
        "the primary key of a table in a schema becomes BIGINT",
        table("stock"),
        lambda m: sa.Table("things", m, C("id", sa.BigInteger, primary_key=True), schema="stock"),
    ),
)
