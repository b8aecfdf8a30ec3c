"""The types of each database, by families: within one a column may become another."""

from tests.pairs.models import Type

BIG = {"small": 2**15 - 1, "whole": 2**31 - 1, "big": 2**63 - 1}


def whole(text, limit):
    return Type(text=text, family="whole", limit=(-limit - 1, limit))


def text(written, limit=None, **options):
    return Type(text=written, family="text", limit=limit, **options)


def other(written, family, *, limit=None, is_plain=True):
    return Type(text=written, family=family, limit=limit, is_plain=is_plain)


EVERYWHERE = (
    whole("sa.Integer()", BIG["whole"]),
    whole("sa.BigInteger()", BIG["big"]),
    whole("sa.SmallInteger()", BIG["small"]),
    text("sa.String(20)", 20),
    text("sa.String(40)", 40),
    text("sa.Unicode(30)", 30),
    other("sa.Numeric(8, 2)", "decimal", limit=(10**6, 2)),
    other("sa.Numeric(12, 4)", "decimal", limit=(10**8, 4)),
    other("sa.Numeric(6, 0)", "decimal", limit=(10**6, 0)),
    other("sa.Float()", "float"),
    other("sa.Double()", "float"),
    other("sa.Boolean()", "truth"),
    other("sa.Date()", "day"),
    other("sa.DateTime()", "moment"),
    other("sa.Time()", "time"),
    other("sa.Uuid()", "uuid"),
    other("sa.LargeBinary()", "bytes", is_plain=False),
    other("sa.JSON(none_as_null=True)", "document", is_plain=False),
    text("sa.Text()", None, is_plain=False),
)
_SQLITE = (
    text('sa.String(20, collation="NOCASE")', 20),
    other('sa.Boolean(create_constraint=True, name="truth")', "truth"),
    other("sa.REAL()", "float"),
    other("sa.TIMESTAMP()", "moment"),
    other("sa.Uuid(native_uuid=False)", "uuid"),
    text("sa.NVARCHAR(12)", 12),
    whole("sa.INT()", BIG["whole"]),
    other("sa.Interval()", "span"),
)
_POSTGRESQL = (
    text('sa.String(20, collation="C")', 20),
    text("sa.VARCHAR()"),
    other('sa.Boolean(create_constraint=True, name="truth")', "truth"),
    other("sa.REAL()", "float"),
    other("sa.Numeric()", "decimal", limit=(10**8, 4)),
    other("sa.DateTime(timezone=True)", "moment with zone"),
    other("postgresql.TIMESTAMP(precision=3)", "moment"),
    other("postgresql.TIMESTAMP(precision=0, timezone=True)", "moment with zone"),
    other("postgresql.TIME(precision=2)", "time"),
    other("postgresql.INTERVAL()", "span"),
    other('postgresql.INTERVAL(fields="DAY TO SECOND")', "span"),
    other("postgresql.INTERVAL(precision=3)", "span"),
    other("postgresql.JSONB(none_as_null=True)", "document", is_plain=False),
    other("sa.ARRAY(sa.Integer())", "wholes", is_plain=False),
    other("postgresql.ARRAY(sa.BigInteger())", "wholes", is_plain=False),
    other("postgresql.ARRAY(sa.String(10))", "texts", is_plain=False),
    other("sa.ARRAY(sa.Text())", "texts", is_plain=False),
    other("postgresql.INET()", "address"),
    other("postgresql.CIDR()", "address"),
    other("postgresql.MACADDR()", "mac"),
    other("postgresql.INT4RANGE()", "range", is_plain=False),
    other("postgresql.TSVECTOR()", "words", is_plain=False),
    other("postgresql.BIT(4, varying=True)", "bits", is_plain=False),
    other("postgresql.BIT(8, varying=True)", "bits", is_plain=False),
)
_MARIADB = (
    whole("mysql.TINYINT()", 127),
    whole("mysql.MEDIUMINT()", 2**23 - 1),
    Type(text="mysql.INTEGER(unsigned=True)", family="whole", limit=(0, 2**32 - 1)),
    Type(text="mysql.BIGINT(unsigned=True)", family="whole", limit=(0, 2**64 - 1)),
    text('mysql.VARCHAR(20, collation="utf8mb4_bin")', 20),
    text('mysql.VARCHAR(20, charset="latin1")', 20),
    text("mysql.LONGTEXT()", None, is_plain=False),
    text("mysql.TINYTEXT()", 255, is_plain=False),
    other('sa.Boolean(create_constraint=True, name="truth")', "truth"),
    other("mysql.DOUBLE(asdecimal=False)", "float"),
    other("mysql.DATETIME(fsp=6)", "moment"),
    other("mysql.TIMESTAMP()", "moment"),
    other("mysql.VARBINARY(20)", "bytes"),
    other("mysql.MEDIUMBLOB()", "bytes", is_plain=False),
    other("mysql.YEAR()", "year"),
    other('mysql.SET("a", "b", "c")', "set"),
    other('mysql.SET("a", "b", "c", "d")', "set"),
    other("sa.Uuid(native_uuid=False)", "uuid in text"),
    other("sa.Interval()", "span"),
)
TYPES = {
    "sqlite": EVERYWHERE + _SQLITE,
    "postgresql": EVERYWHERE + _POSTGRESQL,
    "mariadb": EVERYWHERE + _MARIADB,
}
"""The types of each database, those that everybody uses first."""
