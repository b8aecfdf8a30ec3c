"""Models that use whatever MariaDB and MySQL have, and names that nobody should give."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

# SQLAlchemy 2.0 cannot write a percent sign into an ENUM.
PERCENT = "%" if sa.__version__ >= "2.1" else "percent"
LONGEST = "ü" * 32 + "x" * 32
HOSTILE = 'it\'s 100% "so" \\ and :so `on`'


class Plain(sa.types.UserDefinedType):
    """Whatever SQL says of a column."""

    cache_ok = True

    def __init__(self, sql):
        self.sql = sql

    def get_col_spec(self, **_):
        return self.sql


def every_type():
    """A table with every type."""
    types = [
        sa.Integer(),
        sa.BigInteger(),
        sa.SmallInteger(),
        sa.Numeric(),
        sa.Numeric(12, 4),
        sa.Float(),
        sa.Float(53),
        sa.Double(),
        sa.Boolean(),
        sa.String(1),
        sa.String(255),
        sa.Unicode(20),
        sa.Text(),
        sa.UnicodeText(),
        sa.LargeBinary(),
        sa.LargeBinary(100),
        sa.Date(),
        sa.Time(),
        sa.DateTime(),
        sa.TIMESTAMP(),
        sa.Interval(),
        sa.JSON(),
        sa.Uuid(),
        sa.CHAR(3),
        sa.NCHAR(3),
        sa.BINARY(3),
        sa.VARBINARY(3),
        sa.Enum("a", "b'c", "d\\e", f"100{PERCENT}", "", "ü", name="kind"),
        sa.PickleType(),
        mysql.BIT(1),
        mysql.BIT(60),
        mysql.TINYINT(),
        mysql.TINYINT(1),
        mysql.TINYINT(unsigned=True),
        mysql.MEDIUMINT(),
        mysql.INTEGER(unsigned=True),
        mysql.INTEGER(6, unsigned=True, zerofill=True),
        mysql.INTEGER(6),
        mysql.BIGINT(unsigned=True),
        mysql.DECIMAL(10, 3, unsigned=True),
        mysql.FLOAT(7, 3),
        mysql.DOUBLE(12, 5, unsigned=True),
        mysql.REAL(10, 2),
        mysql.YEAR(),
        mysql.TIME(fsp=3),
        mysql.DATETIME(fsp=6),
        mysql.TIMESTAMP(fsp=2),
        mysql.TINYTEXT(),
        mysql.TEXT(),
        mysql.MEDIUMTEXT(),
        mysql.LONGTEXT(),
        mysql.LONGTEXT(collation="utf8mb4_bin"),
        mysql.TINYBLOB(),
        mysql.MEDIUMBLOB(),
        mysql.LONGBLOB(),
        mysql.SET("a", "b'c", f"d{PERCENT}"),
        mysql.ENUM("a", "ü", charset="latin1"),
        mysql.VARCHAR(10, charset="latin1"),
        mysql.VARCHAR(10, collation="utf8mb4_bin"),
        mysql.VARCHAR(10, charset="latin1", collation="latin1_bin"),
        mysql.CHAR(10, ascii=True),
        mysql.CHAR(10, binary=True),
        mysql.TEXT(unicode=True),
        mysql.NVARCHAR(10),
        Plain("INET4"),
        Plain("INET6"),
        Plain("UUID"),
        Plain("GEOMETRY"),
        Plain("POINT"),
        Plain("VARCHAR(10) COMPRESSED"),
    ]
    columns = [sa.Column(f"c{number}", type_) for number, type_ in enumerate(types)]
    return sa.Table("every_type", sa.MetaData(), *columns)


def every_default(metadata):
    """A table with every kind of default."""
    now = "CURRENT_TIMESTAMP"
    given = {
        "quoted": (sa.String(50), HOSTILE),
        "empty": (sa.String(50), ""),
        "null_text": (sa.String(50), "NULL"),
        "lines": (sa.String(50), "one\ntwo\ttab"),
        "digits": (sa.String(50), "007"),
        "number": (sa.Integer, "7"),
        "number_text": (sa.Integer, sa.text("7")),
        "negative": (sa.Integer, sa.text("-1")),
        "true": (sa.Boolean, sa.true()),
        "false": (sa.Boolean, sa.false()),
        "false_text": (sa.Boolean, "0"),
        "decimal": (sa.Numeric(10, 2), "1.5"),
        "float": (sa.Float, "1e3"),
        "enum": (sa.Enum("a", "b'c"), "b'c"),
        "set": (mysql.SET("a", "b", "c"), "a,b"),
        "json": (sa.JSON, '{"a": "b\'c", "d": [1, "\\\\"]}'),
        "json_expression": (sa.JSON, sa.text("(json_object('a', 1))")),
        "text": (sa.Text, HOSTILE),
        "expression": (sa.Integer, sa.text("(1 + 2 * 3)")),
        "function": (sa.String(40), sa.text("(concat('a', '''', uuid()))")),
        "date": (sa.Date, "2020-01-31"),
        "datetime": (sa.DateTime, "2020-01-31 12:34:56"),
        "now": (sa.DateTime, sa.func.now()),
        "now_text": (sa.DateTime, sa.text(now)),
        "now_exact": (mysql.DATETIME(fsp=6), sa.text(f"{now}(6) ON UPDATE {now}(6)")),
        "stamp": (mysql.TIMESTAMP, sa.text(f"{now} ON UPDATE {now}")),
        "only_on_update": (sa.DateTime, sa.text(f"NULL ON UPDATE {now}")),
        "bits": (mysql.BIT(3), sa.text("b'101'")),
        "bytes": (sa.VARBINARY(10), "ab"),
    }
    columns = [
        sa.Column(name, type_, server_default=default, nullable=number % 2 == 0)
        for number, (name, (type_, default)) in enumerate(given.items())
    ]
    return sa.Table(
        "every_default", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns
    )


def for_both(**options):
    """Return options of a table or an index as both dialects want them."""
    return {f"{dialect}_{key}": options[key] for dialect in ("mysql", "mariadb") for key in options}


def every_index(metadata):
    """A table with every kind of key, index and CHECK."""
    table = sa.Table(
        "every_index",
        metadata,
        sa.Column("a", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("b", sa.String(20), primary_key=True),
        sa.Column("c", sa.String(300), nullable=False, unique=True),
        sa.Column("d", sa.Text),
        sa.Column("e", sa.Integer, sa.CheckConstraint("e > 3"), index=True),
        sa.Column("f", sa.Integer, unique=True, index=True),
        sa.Column("g", Plain("GEOMETRY"), nullable=False),
        sa.Column("h", sa.Boolean(create_constraint=True, name="h_is_bool")),
        sa.Column("i", sa.Enum("x", "y'z", "50%", native_enum=False, create_constraint=True)),
        sa.Column("j", sa.Integer, sa.CheckConstraint("`j` % 2 = 0")),
        sa.CheckConstraint("a > 0 and b <> 'it''s 100% \\\\ sure'", name="Hostile % `Name`"),
        sa.CheckConstraint("a <> 13"),
        sa.CheckConstraint("e in (1, 2, 3) or e between 10 and 20 or d like '%x%'"),
        sa.UniqueConstraint("e", "f", name="uq e f"),
        sa.UniqueConstraint("f", "e"),
        **for_both(
            engine="InnoDB",
        ),
    )
    sa.Index("ix_prefix", table.c.d, table.c.c, **for_both(length={"d": 10, "c": 5}))
    sa.Index("ix_unique_prefix", table.c.d, unique=True, **for_both(length=7))
    sa.Index("ix_desc", table.c.e.desc(), table.c.f)
    sa.Index("ix_full", table.c.c, table.c.d, **for_both(prefix="FULLTEXT"))
    sa.Index("ix_place", table.c.g, **for_both(prefix="SPATIAL"))
    sa.Index("ix_using", table.c.f, table.c.a, **for_both(using="btree"))
    sa.Index(LONGEST, table.c.b)
    return table


def every_reference(metadata, other):
    """Tables with every kind of foreign key, of which two refer to each other."""
    far = sa.Table(
        "far",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("far_id", sa.ForeignKey(f"{other}.far.id", use_alter=True, name="fk_far")),
        schema=other,
    )
    sa.Table(
        "near",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("far_id", sa.ForeignKey(far.c.id, ondelete="CASCADE", onupdate="SET NULL")),
        sa.Column("parent_id", sa.ForeignKey("near.id", ondelete="SET NULL", name="fk_parent")),
        sa.Column("again_id", sa.ForeignKey("near.id", ondelete="NO ACTION", onupdate="RESTRICT")),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.String(20)),
        sa.Column("c", sa.ForeignKey("near.id"), index=True),
        sa.Column("d", sa.ForeignKey("near.id"), unique=True),
        sa.ForeignKeyConstraint(["a", "b"], ["every_index.a", "every_index.b"]),
        sa.ForeignKeyConstraint(["b", "a"], [f"{HOSTILE[:40]}.B ü", f"{HOSTILE[:40]}.a%"]),
    )
    for name, friend in (("left", "right"), ("right", "left")):
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("friend_id", sa.ForeignKey(f"{friend}.id", use_alter=True)),
        )


def hostile_names(metadata):
    """A table whose names have quotes, percent signs, colons, backslashes and the like."""
    table = sa.Table(
        HOSTILE[:40],
        metadata,
        sa.Column("B ü", sa.String(20), primary_key=True, comment=HOSTILE),
        sa.Column("a%", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("select", sa.Integer, index=True),
        sa.Column("Mixed`Case", sa.Integer, sa.Computed("`a%` + 1")),
        sa.Column("json`%:x", sa.JSON),
        sa.Column(LONGEST, sa.Integer, comment=""),
        comment=HOSTILE + " 日本",
    )
    sa.Index("Ix %s `ü`", table.c[LONGEST])


def every_option(metadata, other):
    """Tables with options, computed columns, numbers and sequences."""
    sa.Table(
        "computed",
        metadata,
        sa.Column("id", mysql.BIGINT(unsigned=True), primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column("virtual", sa.Integer, sa.Computed("a * 2 + length('it''s 100%')")),
        sa.Column("stored", sa.String(20), sa.Computed("concat(a, '%')", persisted=True)),
        sa.Column("hidden", Plain("INT INVISIBLE"), server_default="3"),
        sa.Column("hidden_now", Plain("DATETIME INVISIBLE"), server_default=sa.func.now()),
        **for_both(
            auto_increment="1000",
            row_format="COMPRESSED",
            key_block_size="8",
        ),
    )
    sa.Table(
        "latin",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("same", sa.String(10)),
        sa.Column("other", mysql.VARCHAR(10, charset="utf8mb4")),
        sa.Column("json", sa.JSON),
        sa.Column("kind", sa.Enum("ä", "b")),
        **for_both(
            default_charset="latin1",
            collate="latin1_german1_ci",
            comment="by option",
        ),
    )
    sa.Table(
        "in_memory",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("a", sa.Integer, index=True),
        **for_both(
            engine="MEMORY",
            max_rows="1000",
        ),
        schema=other,
    )
    sa.Table(
        "my_isam",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Text),
        sa.Index("ix_text", "a", **for_both(prefix="FULLTEXT")),
        **for_both(
            engine="MyISAM",
            checksum="1",
            pack_keys="1",
        ),
    )
    sa.Table(
        "parts",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, primary_key=True),
        **for_both(
            partition_by="RANGE (year(day)) (PARTITION p_old VALUES LESS THAN (2000), "
            "PARTITION `p new` VALUES LESS THAN MAXVALUE)",
        ),
    )
    sa.Table(
        "hashed",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        **for_both(
            partition_by="HASH (id)",
            partitions="3",
        ),
    )
    own = sa.Sequence("own%", start=5, increment=10, metadata=metadata)
    sa.Sequence(
        "far_numbers", minvalue=-5, maxvalue=100, cycle=True, schema=other, metadata=metadata
    )
    sa.Table(
        "numbered_by_sequence",
        metadata,
        sa.Column("id", sa.Integer, own, server_default=own.next_value(), primary_key=True),
    )


def every_feature(other):
    """Models that use whatever the servers have, in the default schema and in another one."""
    metadata = sa.MetaData()
    every_type().to_metadata(metadata)
    every_default(metadata)
    every_index(metadata)
    hostile_names(metadata)
    every_reference(metadata, other)
    every_option(metadata, other)
    return metadata
