"""Models that use whatever SQLAlchemy can say of a table of SQLite, and what people make of it."""

import enum

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.types import TypeDecorator, UserDefinedType

KNOWS_STRICT = any(
    class_ is sa.Table and "strict" in arguments
    for class_, arguments in sqlite.dialect.construct_arguments
)
"""SQLAlchemy does since 2.0.37."""

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Colour(enum.Enum):
    """An enum whose names are stored."""

    RED = 1
    GREEN = 2


class Point(UserDefinedType):
    """A type of the application's own."""

    cache_ok = True

    def get_col_spec(self, **_):
        return "POINT"


class Lowered(TypeDecorator):
    """A type that is stored as another one."""

    impl = sa.String(30)
    cache_ok = True


def everything(**options):
    """Return models with every type, constraint and option of SQLite."""
    metadata = sa.MetaData(**options)
    for add in (types, defaults, keys, constraints, references, computed, indexes, hostile):
        add(metadata)
    return metadata


def types(metadata):
    plain = [
        *(sa.Integer, sa.BigInteger, sa.SmallInteger, sa.String, sa.String(20), sa.Text),
        *(sa.Unicode(7), sa.UnicodeText, sa.LargeBinary, sa.Boolean, sa.Float, sa.Float(53)),
        *(sa.Double, sa.Numeric, sa.Numeric(10, 2), sa.Numeric(5), sa.DateTime, sa.Date, sa.Time),
        *(sa.DateTime(timezone=True), sa.Interval, sa.JSON, sa.PickleType, sa.Uuid, sa.UUID),
        *(sa.CHAR(3), sa.NCHAR(4), sa.NVARCHAR(5), sa.CLOB, sa.BLOB, sa.REAL, sa.DECIMAL(8, 3)),
        *(sa.TIMESTAMP, sa.BINARY(16), sa.VARBINARY(9), sa.DOUBLE_PRECISION, sa.Enum(Colour)),
        *(Point, Lowered, sa.String(5).with_variant(sa.Text(), "sqlite")),
        DATETIME(storage_format="%(year)04d%(month)02d%(day)02d", regexp=r"(\d{4})(\d\d)(\d\d)"),
    ]
    sa.Table(
        "types",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(f"c{number}", type_) for number, type_ in enumerate(plain)),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="flag")),
        sa.Column("colour", sa.Enum(Colour, create_constraint=True, name="colour")),
        sa.Column("any_case", sa.String(20, collation="NOCASE"), nullable=False),
        sa.Column("trimmed", sa.Text(collation="RTRIM"), server_default=""),
    )


def defaults(metadata):
    texts = ["", "it's", 'a "b"', "100%", "a:b :c", "back\\slash", "two\nlines", "ä", "1", "NULL"]
    expressions = ["1", "-1.5", "+2", "0x10", "1e3", "TRUE", "false", "NULL", "CURRENT_TIMESTAMP"]
    expressions += ["(1 + 2)", "(lower('X:y'))", "('a' || ' :b')", "x'00ff'", "('{}')", "((1))"]
    written = [*texts, *map(sa.text, [one.replace(" :", " \\:") for one in expressions])]
    written += [sa.func.now(), sa.func.current_date(), sa.true(), sa.false(), sa.literal("q")]
    sa.Table(
        "defaults",
        metadata,
        *(
            sa.Column(f"d{number}", sa.String(30), server_default=one, nullable=number % 2 == 0)
            for number, one in enumerate(written)
        ),
        sa.Column("number", sa.Integer, server_default="0"),
        sa.Column("json", sa.JSON, server_default='{"a": [1, 2]}'),
        sa.Column("moment", sa.DateTime, server_default=sa.func.now(), nullable=False),
    )


def keys(metadata):
    sa.Table("no_key", metadata, sa.Column("a", sa.Integer), sa.Column("b", sa.Text))
    sa.Table("numbered", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "never_again",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, sqlite_on_conflict_primary_key="FAIL"),
        sqlite_autoincrement=True,
    )
    sa.Table("big", metadata, sa.Column("id", sa.BigInteger, primary_key=True))
    sa.Table("text_key", metadata, sa.Column("code", sa.String(2), primary_key=True))
    sa.Table("open_key", metadata, sa.Column("code", sa.String(2), primary_key=True, nullable=True))
    sa.Table(
        "composite",
        metadata,
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.String(5)),
        sa.PrimaryKeyConstraint("b", "a", name="pk_of_both", sqlite_on_conflict="REPLACE"),
    )
    sa.Table(
        "without_rowid",
        metadata,
        sa.Column("code", sa.String(2), primary_key=True),
        sa.Column("a", sa.Integer),
        sqlite_with_rowid=False,
    )
    if KNOWS_STRICT:
        sa.Table(
            "strict",
            metadata,
            sa.Column("id", sa.INTEGER, primary_key=True),
            sa.Column("a", sa.TEXT, nullable=False),
            sqlite_strict=True,
        )
        sa.Table(
            "both",
            metadata,
            sa.Column("code", sa.TEXT, primary_key=True),
            sqlite_strict=True,
            sqlite_with_rowid=False,
        )


def constraints(metadata):
    sa.Table(
        "constraints",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, unique=True),
        sa.Column("b", sa.Integer, nullable=False, sqlite_on_conflict_not_null="IGNORE"),
        sa.Column("c", sa.String(9), unique=True, sqlite_on_conflict_unique="REPLACE"),
        sa.UniqueConstraint("b", "c"),
        sa.UniqueConstraint("c", "b", name="named", sqlite_on_conflict="ROLLBACK"),
        sa.CheckConstraint("a > 0 OR (b < 0 AND c <> 'x)y')", name="one"),
        sa.CheckConstraint("c IN ('it''s', '100%', 'a:b')", name="two", sqlite_on_conflict="FAIL"),
        sa.CheckConstraint("length(c) <= 9", name="three"),
    )
    table = sa.Table("unnamed", metadata, sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))
    if not metadata.naming_convention.get("ck"):
        table.append_constraint(sa.CheckConstraint("a != b"))
        table.append_constraint(sa.CheckConstraint(table.c.a > 5))


def references(metadata):
    sa.Table(
        "parent",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.Column("up", sa.ForeignKey("parent.id")),
        sa.UniqueConstraint("a", "b"),
    )
    sa.Table(
        "child",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("one", sa.ForeignKey("parent.id", ondelete="CASCADE", onupdate="SET NULL")),
        sa.Column("two", sa.ForeignKey("parent.id", deferrable=True, initially="DEFERRED")),
        sa.Column("three", sa.ForeignKey("parent.id", deferrable=True, name="by_name")),
        sa.Column("four", sa.ForeignKey("parent.id", deferrable=False, ondelete="NO ACTION")),
        sa.Column("five", sa.ForeignKey("parent.id", initially="IMMEDIATE", deferrable=True)),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.ForeignKeyConstraint(["a", "b"], ["parent.a", "parent.b"], match="FULL"),
    )
    sa.Table(
        "egg",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("hen_id", sa.ForeignKey("hen.id", name="fk_hen", use_alter=True)),
    )
    sa.Table(
        "hen",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("egg_id", sa.ForeignKey("egg.id", name="fk_egg")),
    )


def computed(metadata):
    sa.Table(
        "computed",
        metadata,
        sa.Column("a", sa.Integer),
        sa.Column("plain", sa.Integer, sa.Computed("a + 1")),
        sa.Column("stored", sa.Text, sa.Computed("a || ', '", persisted=True), nullable=False),
        sa.Column("virtual", sa.Numeric(8, 2), sa.Computed("(a * 2)", persisted=False)),
    )


def indexes(metadata):
    table = sa.Table(
        "indexes",
        metadata,
        sa.Column("a", sa.Integer, index=True),
        sa.Column("b", sa.String(20, collation="NOCASE"), unique=True, index=True),
        sa.Column("c", sa.String(20)),
    )
    c = table.c
    sa.Index("i_two", c.c, c.a)
    sa.Index("i_desc", c.a.desc(), c.c)
    sa.Index("i_lower", sa.func.lower(c.c), unique=True)
    sa.Index("i_part", c.c, unique=True, sqlite_where=sa.and_(c.a > 1, c.c != "it's 100% :d"))
    sa.Index("i_collate", c.c.collate("NOCASE"), c.b.collate("BINARY").desc())
    sa.Index("i_text", sa.text("a + 1 DESC"), c.c)
    sa.Index("i_json", sa.text("c ->> '$.x'"))


def hostile(metadata):
    names = ["order", "MixedCase", "a b", "ä", "per%cent", 'quo"te', "co:lon", "a.b", "x(y", "it's"]
    for name in names:
        table = sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            *(sa.Column(one, sa.Integer) for one in names),
            sa.Column("unique", sa.Integer, unique=True),
            sa.Column("select", sa.ForeignKey("parent.id")),
        )
        sa.Index(f"ix {name}", *(table.c[one] for one in names))
        sa.Index(f"part {name}", table.c[name].desc(), sqlite_where=table.c[name] > 0)
        table.append_constraint(
            sa.CheckConstraint(table.c[name] > table.c["order"], name=f"ck {name}")
        )
