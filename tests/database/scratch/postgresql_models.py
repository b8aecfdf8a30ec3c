"""Models that use all that SQLAlchemy can say to PostgreSQL, and names that hurt."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tests.database.scratch.postgresql_columns import Citext, defaults, numbered, types

SCHEMAS = ("", "shop", "We\"ird 'schema'", "ünï")

# What the models use and do not make.
PREPARATION = """
CREATE EXTENSION citext;
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION hstore;
CREATE SCHEMA shop;
CREATE SCHEMA "We""ird 'schema'";
CREATE SCHEMA "ünï";
CREATE SCHEMA tools;
CREATE TYPE mood AS ENUM ('fine', 'so-so');
CREATE TYPE tools.size AS ENUM ('s', 'm');
CREATE SEQUENCE tools.tickets;
CREATE COLLATION tools.numeric_order (provider = icu, locale = 'en-u-kn');
CREATE FUNCTION tools.is_even(int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT $1 % 2 = 0';
CREATE TYPE pair AS (one int, two text);
"""


_ARGUMENTS = dict(pg.dialect.construct_arguments)


def known(kind, **options):
    """Return the options that this SQLAlchemy knows of."""
    return {f"postgresql_{name}": one for name, one in options.items() if name in _ARGUMENTS[kind]}


def all_models():
    """Return the metadata of all the models."""
    metadata = sa.MetaData()
    for define in (types, defaults, numbered, keys, indexes, tables, cycles, schemas, hostile):
        define(metadata)
    return metadata


def keys(metadata):
    sa.Table(
        "parents",
        metadata,
        sa.Column("b", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(20), primary_key=True),
        sa.Column("c", sa.Integer, unique=True, comment='it\'s 100% "c": \\ é'),
        sa.Column("d", sa.Integer),
        sa.Column("e", sa.Integer, nullable=False),
        sa.Column("f", pg.INT4RANGE),
        sa.Column("g", sa.Text, sa.CheckConstraint("g <> '' AND g NOT LIKE '100%'")),
        sa.Column("h", Citext),
        sa.UniqueConstraint("e", "d", name="named", deferrable=True, initially="DEFERRED"),
        sa.UniqueConstraint("d", **known(sa.UniqueConstraint, include=["e"])),
        sa.UniqueConstraint("c", "d", postgresql_nulls_not_distinct=True, name="no nulls"),
        sa.CheckConstraint("d > 0 OR e IN (1, 2, 3)"),
        sa.CheckConstraint("tools.is_even(e)", name="Even %", comment="why: it's"),
        sa.CheckConstraint("e % 7 BETWEEN 1 AND 5", name="late", postgresql_not_valid=True),
        sa.CheckConstraint("h = 'x' AND h LIKE 'y%'", name="citext"),
        pg.ExcludeConstraint(("f", "&&"), name="apart"),
        pg.ExcludeConstraint(
            ("d", "="), (sa.text("f"), "&&"), using="gist", where=sa.text("e > 3"), name="some"
        ),
        comment="All 'kinds' of keys: 100%\nreally",
    )
    sa.Table(
        "children",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("one", sa.Integer, sa.ForeignKey("parents.c", ondelete="CASCADE")),
        sa.Column("up", sa.Integer, sa.ForeignKey("children.id", ondelete="SET NULL")),
        sa.Column("b", sa.Integer),
        sa.Column("a", sa.String(20)),
        sa.Column(
            "in_shop",
            sa.Integer,
            sa.ForeignKey("shop.items.id", deferrable=True, initially="DEFERRED"),
        ),
        sa.ForeignKeyConstraint(
            ["b", "a"], ["parents.b", "parents.a"], match="FULL", onupdate="CASCADE", name="two"
        ),
        sa.ForeignKeyConstraint(
            ["one"], ["parents.c"], name="again", postgresql_not_valid=True, comment="slow"
        ),
    )


def indexes(metadata):
    table = sa.Table(
        "indexed",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, index=True),
        sa.Column("email", sa.Text, unique=True, index=True),
        sa.Column("number", sa.Integer),
        sa.Column("data", pg.JSONB),
        sa.Column("range", pg.INT4RANGE),
        sa.Column("select", sa.Text),
        sa.Index("ix_collated", sa.text('name COLLATE "C" DESC NULLS LAST')),
        sa.Index("ix_expressions", sa.text("(data ->> 'a%b')"), sa.text("(number % 10)")),
    )
    c = table.c
    sa.Index("ix_two", c.number.desc().nulls_last(), c.name)
    sa.Index("ix_lower", sa.func.lower(c.name), unique=True)
    sa.Index("ix_part", c.number, postgresql_where=c.name != "it's 100%")
    sa.Index("ix_include", c.number, postgresql_include=["name", "select"])
    sa.Index("ix_pattern", c.name, postgresql_ops={"name": "text_pattern_ops"})
    sa.Index("ix_trigram", c.name, postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"})
    sa.Index("ix_data", c.data, postgresql_using="gin", postgresql_with={"fastupdate": "off"})
    sa.Index("ix_gist", c.range, postgresql_using="gist")
    sa.Index("ix_hash", c.number, postgresql_using="hash")
    sa.Index("ix_brin", c.number, postgresql_using="brin", postgresql_with={"pages_per_range": 4})
    sa.Index("ix_concurrently", c.select, postgresql_concurrently=True)
    sa.Index("ix_nulls", c.number, unique=True, postgresql_nulls_not_distinct=True)
    sa.Index("Ix \"ON\" USING 'where' %", c.select, c.number, unique=True)


def tables(metadata):
    sa.Table(
        "measures",
        metadata,
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("value", sa.Integer, index=True),
        sa.UniqueConstraint("day", "kind", "value"),
        postgresql_partition_by="RANGE (day, kind)",
    )
    sa.Table(
        "logs",
        metadata,
        sa.Column("day", sa.Date),
        sa.Column("kind", sa.Text, index=True),
        postgresql_partition_by="LIST (lower(kind))",
    )
    sa.Table("unlogged", metadata, sa.Column("a", sa.Integer), prefixes=["UNLOGGED"])
    sa.Table(
        "stored",
        metadata,
        sa.Column("a", sa.Text),
        **known(sa.Table, **{"with": {"fillfactor": 70, "toast.autovacuum_enabled": False}}),
        postgresql_tablespace="pg_default",
    )
    sa.Table("no_columns", metadata)
    root = sa.Table(
        "Root",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, sa.CheckConstraint("name <> ''")),
    )
    branch = sa.Table("branch", metadata, sa.Column("leaf", sa.Integer), postgresql_inherits="Root")
    twig = sa.Table(
        "aaa_twig",
        metadata,
        sa.Column("name", sa.Text),
        postgresql_inherits=("branch", "unlogged"),
    )
    branch.add_is_dependent_on(root)
    twig.add_is_dependent_on(branch)
    twig.add_is_dependent_on(metadata.tables["unlogged"])


def cycles(metadata):
    sa.Table(
        "hens",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("egg", sa.Integer, sa.ForeignKey("eggs.id", use_alter=True, name="fk_egg")),
    )
    sa.Table(
        "eggs",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("hen", sa.Integer, sa.ForeignKey("hens.id", name="fk_hen")),
        sa.Column("cook", sa.Integer, sa.ForeignKey("cooks.id", name="fk_cook")),
    )
    sa.Table(
        "cooks",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("egg", sa.Integer, sa.ForeignKey("eggs.id", name="fk_cooked")),
    )


def schemas(metadata):
    sa.Table(
        "items",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("door", sa.Enum("open", "shut", name="door", schema="shop")),
        sa.Column(
            "closed",
            sa.Enum("open", "shut", name="door", schema="shop"),
            server_default=sa.text("'shut'::shop.door"),
        ),
        sa.Column("one", sa.Integer, sa.ForeignKey("parents.c")),
        sa.CheckConstraint("door <> 'open'::shop.door", name="closed"),
        sa.Index("ix_shop", "one"),
        schema="shop",
        comment="in a shop",
    )
    weird = "We\"ird 'schema'"
    sa.Sequence("num 'b\" er", metadata=metadata, schema=weird)
    sa.Table(
        "Or\"der's %",
        metadata,
        sa.Column("I.d", sa.Integer, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("shop.items.id")),
        sa.Column("kind", sa.Enum("a", "b", name='Kind\'s "x"', schema=weird)),
        sa.Column("plain", sa.BigInteger, sa.Sequence("plain_there", schema=weird)),
        sa.Column(
            "next",
            sa.BigInteger,
            server_default=sa.Sequence("next_there", metadata=metadata, schema="ünï").next_value(),
        ),
        sa.Column(
            "other",
            sa.Text,
            server_default=sa.text("nextval('\"We\"\"ird ''schema''\".plain_there')"),
        ),
        schema=weird,
    )
    sa.Table(
        "straße",
        metadata,
        sa.Column("größe", sa.Integer, primary_key=True),
        sa.Column("漢字", sa.Text, server_default="漢字", index=True),
        schema="ünï",
    )


def hostile(metadata):
    for name in ("select", "Mixed Case", 'quo"te', "apo'strophe", "per%cent", "co:lon", "p.unkt"):
        key = sa.Column(f"{name} id", sa.Integer, primary_key=True)
        sa.Table(
            name,
            metadata,
            key,
            sa.Column(f"{name} data", sa.Text, index=True, comment=name),
            sa.Column(f"{name} of", sa.Integer, sa.ForeignKey(key)),
            sa.UniqueConstraint(f"{name} data", f"{name} of"),
            sa.CheckConstraint(sa.column(f"{name} data") != name, name=f"check {name}"),
        )
    long = "l" * 63
    sa.Table(
        long,
        metadata,
        sa.Column("c" * 63, sa.Integer, primary_key=True),
        sa.Column("d" * 60, sa.Integer, sa.ForeignKey(f"{long}.{'c' * 63}"), index=True),
    )
    sa.Table("public", metadata, sa.Column("public", sa.Integer, sa.CheckConstraint("public > 0")))
