"""Models with columns of every type, with every default, and numbered in every way."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg


class Citext(sa.types.UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_):
        return "citext"


class Pair(sa.types.UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_):
        return "pair"


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
        "status": sa.Enum("new", "it's", "100%", "a\\b", "ü, {}", "Shop.Items", name="status"),
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
        "like_a_name": (sa.String(11), "PUBLIC.Types"),
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
