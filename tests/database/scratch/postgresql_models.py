"""Models that use all that SQLAlchemy can say to PostgreSQL, and names that hurt."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

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

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Citext(sa.types.UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_):
        return "citext"


class Pair(sa.types.UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_):
        return "pair"


def all_models():
    """Return the metadata of all the models."""
    metadata = sa.MetaData()
    for define in (types, defaults, numbered, keys, indexes, tables, cycles, schemas, hostile):
        define(metadata)
    return metadata


def types(metadata):
    kinds = {
        "small": sa.SmallInteger(),
        "big": sa.BigInteger(),
        "flag": sa.Boolean(),
        "flag_checked": sa.Boolean(create_constraint=True, name="flag_is_one"),
        "price": sa.Numeric(10, 2),
        "any_number": sa.Numeric(),
        "single": sa.REAL(),
        "double": sa.Double(),
        "float24": sa.Float(24),
        "text": sa.Text(),
        "name": sa.String(80),
        "fixed": sa.CHAR(3),
        "collated": sa.String(20, collation="C"),
        "collated_items": pg.ARRAY(sa.Text(collation="POSIX")),
        "day": sa.Date(),
        "time": sa.Time(),
        "time_zone": pg.TIME(timezone=True, precision=2),
        "moment": sa.DateTime(),
        "moment_zone": pg.TIMESTAMP(timezone=True, precision=3),
        "span": sa.Interval(),
        "span_days": pg.INTERVAL(fields="DAY TO SECOND", precision=2),
        "binary": sa.LargeBinary(),
        "uuid": sa.Uuid(),
        "json": sa.JSON(),
        "jsonb": pg.JSONB(),
        "path": pg.JSONPATH(),
        "inet": pg.INET(),
        "cidr": pg.CIDR(),
        "mac": pg.MACADDR8(),
        "money": pg.MONEY(),
        "bits": pg.BIT(8),
        "some_bits": pg.BIT(8, varying=True),
        "oid": pg.OID(),
        "regclass": pg.REGCLASS(),
        "words": pg.TSVECTOR(),
        "query": pg.TSQUERY(),
        "range": pg.INT4RANGE(),
        "ranges": pg.TSTZRANGE(),
        "many_ranges": pg.DATEMULTIRANGE(),
        "store": pg.HSTORE(),
        "items": pg.ARRAY(sa.Integer()),
        "grid": pg.ARRAY(sa.Numeric(5, 1), dimensions=2),
        "status": sa.Enum("new", "it's", "100%", "a\\b", "ü, {}", name="status"),
        "status_items": pg.ARRAY(sa.Enum("x", "y", name="Item Kind")),
        "checked_enum": sa.Enum(
            "a", "b", name="checked", native_enum=False, create_constraint=True
        ),
        "shop_enum": sa.Enum("open", "shut", name="door", schema="shop"),
        "shop_enum_items": pg.ARRAY(pg.ENUM("open", "shut", name="door", schema="shop")),
        "made_elsewhere": pg.ENUM("fine", "so-so", name="mood", create_type=False),
        "made_there": pg.ENUM("s", "m", name="size", schema="tools", create_type=False),
        "domain": pg.DOMAIN(
            "percentage",
            sa.Integer(),
            default="50",
            not_null=True,
            constraint_name="is_percentage",
            check="VALUE BETWEEN 0 AND 100 AND VALUE % 5 = 0",
        ),
        "shop_domain": pg.DOMAIN("code", sa.String(8), collation="C", schema="shop"),
        "citext": Citext(),
        "pair": Pair(),
        "decorated": sa.Text().with_variant(pg.JSONB(), "postgresql"),
    }
    columns = [sa.Column(name, type_) for name, type_ in kinds.items()]
    sa.Table("types", metadata, sa.Column("id", sa.Uuid, primary_key=True), *columns)


def defaults(metadata):
    given = {
        "empty": (sa.Text, ""),
        "quotes": (sa.Text, 'it\'s "so"'),
        "percent": (sa.Text, "100%, %s, %(x)s, %%"),
        "colons": (sa.Text, "a:b ::text :c"),
        "backslash": (sa.Text, "a\\b\\'c"),
        "newline": (sa.Text, "one\ntwo\ttab"),
        "unicode": (sa.Text, "ü 漢 🐦"),
        "null": (sa.Text, sa.text("NULL")),
        "number": (sa.Integer, "7"),
        "negative": (sa.Integer, sa.text("-7")),
        "float": (sa.Double, sa.text("1e-10")),
        "numeric": (sa.Numeric(10, 2), sa.text("1.50")),
        "true": (sa.Boolean, sa.true()),
        "false": (sa.Boolean, sa.text("'f'")),
        "now": (sa.DateTime, sa.func.now()),
        "utc": (sa.DateTime, sa.text("(now() AT TIME ZONE 'utc')")),
        "instant": (sa.DateTime(timezone=True), sa.text("'2020-02-03 04:05:06+07'")),
        "day": (sa.Date, "2020-02-03"),
        "span": (sa.Interval, sa.text("'1 day 2 hours'")),
        "uuid": (sa.Uuid, sa.func.gen_random_uuid()),
        "json": (sa.JSON, sa.text('\'{"a": [1, "%"], "b": "it\'\'s"}\'')),
        "jsonb": (pg.JSONB, sa.text('\'{"b" \\:1,  "a" \\:2}\'::jsonb')),
        "items": (pg.ARRAY(sa.Text), sa.text("'{a,\"b c\"}'")),
        "binary": (sa.LargeBinary, sa.text("'\\x00ff'")),
        "state": (sa.Enum("on", "off's", name="state"), "off's"),
        "states": (pg.ARRAY(sa.Enum("on", "off's", name="state")), sa.text("ARRAY['on'::state]")),
        "cast": (sa.Enum("on", "off's", name="state"), sa.text("'on'::public.state")),
        "expression": (sa.Integer, sa.text("(1 + length('a%b')) % 3")),
        "function": (sa.Boolean, sa.text("tools.is_even(2)")),
        "user": (sa.Text, sa.text("CURRENT_USER")),
        "citext": (Citext, sa.text("'Ab'::citext")),
        "store": (pg.HSTORE, sa.text("'a=>1'::hstore")),
        "bits": (pg.BIT(3), sa.text("B'101'")),
    }
    sa.Table(
        "defaults",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, kind, server_default=one) for name, (kind, one) in given.items()),
        sa.Column("sum", sa.Integer, sa.Computed("number + negative % 3", persisted=True)),
        sa.Column("lower", sa.Text, sa.Computed("lower(quotes || '%')", persisted=True)),
        sa.Column("even", sa.Boolean, sa.Computed("tools.is_even(number)", persisted=True)),
    )


def numbered(metadata):
    orders = sa.Sequence("order_numbers", start=100, increment=5, cycle=True, cache=10)
    sa.Sequence("down", metadata=metadata, increment=-2, data_type=sa.SmallInteger)
    sa.Sequence("plain", metadata=metadata)
    sa.Sequence("in_shop", metadata=metadata, schema="shop", minvalue=5, maxvalue=50)
    sa.Table("serial", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("bigserial", metadata, sa.Column("id", sa.BigInteger, primary_key=True))
    sa.Table("smallserial", metadata, sa.Column("id", sa.SmallInteger, primary_key=True))
    sa.Table(
        "numbered",
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column(
            "always",
            sa.Integer,
            sa.Identity(always=True, start=42, increment=-1, minvalue=-9, maxvalue=99, cycle=True),
        ),
        sa.Column("order", sa.BigInteger, orders, server_default=orders.next_value()),
        sa.Column("text_next", sa.BigInteger, server_default=sa.text("nextval('down')")),
        sa.Column("full_next", sa.BigInteger, server_default=sa.text("nextval('public.down')")),
        sa.Column("shop_next", sa.BigInteger, server_default=sa.text("nextval('shop.in_shop')")),
        sa.Column("real_next", sa.BigInteger, server_default=sa.text("nextval('tools.tickets')")),
        sa.Column("code", sa.Text, server_default=sa.text("'A' || nextval('plain')")),
        sa.Column(
            "other",
            sa.BigInteger,
            server_default=sa.Sequence("tickets", schema="tools").next_value(),
        ),
    )


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
        sa.UniqueConstraint("d", postgresql_include=["e"]),
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
    sa.Index("ix_collated", sa.text('name COLLATE "C" DESC NULLS LAST'))
    sa.Index("ix_expressions", sa.text("(data ->> 'a%b')"), sa.text("(number % 10)"))
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
        postgresql_with={"fillfactor": 70, "toast.autovacuum_enabled": False},
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
    numbers = sa.Sequence("num 'b\" er", metadata=metadata, schema=weird)
    sa.Table(
        "Or\"der's %",
        metadata,
        sa.Column("I.d", sa.Integer, primary_key=True),
        sa.Column("item", sa.Integer, sa.ForeignKey("shop.items.id")),
        sa.Column("kind", sa.Enum("a", "b", name='Kind\'s "x"', schema=weird)),
        sa.Column("plain", sa.BigInteger, sa.Sequence("plain_there", schema=weird)),
        schema=weird,
    )
    del numbers
    sa.Table(
        "straße",
        metadata,
        sa.Column("größe", sa.Integer, primary_key=True),
        sa.Column("漢字", sa.Text, server_default="漢字", index=True),
        schema="ünï",
    )


def hostile(metadata):
    for name in ("select", "Mixed Case", 'quo"te', "apo'strophe", "per%cent", "co:lon", "p.unkt"):
        sa.Table(
            name,
            metadata,
            sa.Column(f"{name} id", sa.Integer, primary_key=True),
            sa.Column(f"{name} data", sa.Text, index=True, comment=name),
            sa.Column("self", sa.Integer, sa.ForeignKey(f"{name}.{name} id".replace("p.unkt.", "")))
            if "." not in name
            else sa.Column("self", sa.Integer),
        )
    long = "l" * 63
    sa.Table(
        long,
        metadata,
        sa.Column("c" * 63, sa.Integer, primary_key=True),
        sa.Column("d" * 60, sa.Integer, sa.ForeignKey(f"{long}.{'c' * 63}"), index=True),
    )
    sa.Table("public", metadata, sa.Column("public", sa.Integer, sa.CheckConstraint("public > 0")))
