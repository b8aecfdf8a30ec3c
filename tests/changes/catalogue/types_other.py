"""Types: bytes, documents, UUIDs, arrays, networks, ranges, domains."""

import uuid
from ipaddress import ip_network

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.changes.change import change, dialect_of, of_column, on_mariadb, things, v

UUIDS = [uuid.UUID(int=1), uuid.UUID(int=2**100), None]
HEX = [one and str(one) for one in UUIDS]
ONLY_POSTGRESQL = {"only": ["postgresql"], "because": "There is no such type."}
ONE_JSON = {"without": {"mariadb": "There is no JSONB."}}
ONLY_MARIADB = {"only": ["mariadb"], "because": "There is no such type."}


def domain(check="VALUE > 0", **options):
    """Return models with a column that has a domain, where there are domains."""
    return lambda m: things(m, v(positive(m, check=check, **options)))


def positive(m, **options):
    if dialect_of(m) != "postgresql":
        return sa.Integer()
    return postgresql.DOMAIN("positive", sa.Integer, **options)


def whole(m):
    return things(m, v(sa.Integer))


def on_set(*members):
    return on_mariadb(mysql.SET(*members))


def numbers(type_, **options):
    return lambda: postgresql.ARRAY(type_, **options)


CHANGES = (
    of_column(
        "bytes get a length",
        sa.LargeBinary,
        lambda: sa.LargeBinary(100),
        only=["mariadb"],
        because="Bytes have no length.",
    ),
    of_column(
        "VARBINARY gets longer",
        lambda: sa.VARBINARY(20),
        lambda: sa.VARBINARY(40),
        values=[b"a", b"b\x00\xff", None],
        without={"postgresql": "Bytes have no length."},
    ),
    of_column(
        "BINARY becomes VARBINARY",
        lambda: sa.BINARY(3),
        lambda: sa.VARBINARY(3),
        values=[b"abc", b"\x00\xff\x00", None],
        without={"postgresql": "There is BYTEA only."},
    ),
    of_column("BLOB becomes MEDIUMBLOB", mysql.BLOB, mysql.MEDIUMBLOB, **ONLY_MARIADB),
    of_column("LONGBLOB becomes BLOB", mysql.LONGBLOB, sa.LargeBinary, **ONLY_MARIADB),
    of_column(
        "a text becomes a document",
        sa.Text,
        sa.JSON,
        values=['{"a": 1}', "[]", None],
        filled=[{"a": 1}, [], None],
    ),
    of_column(
        "a document becomes a text",
        sa.JSON,
        sa.Text,
        values=[{"a": 1}, []],
        filled=['{"a": 1}', "[]"],
    ),
    of_column("JSON becomes JSONB", postgresql.JSON, postgresql.JSONB, **ONE_JSON),
    of_column("JSONB becomes JSON", postgresql.JSONB, postgresql.JSON, **ONE_JSON),
    of_column(
        "a document becomes JSONB on PostgreSQL only",
        sa.JSON,
        lambda: sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
        only=["postgresql"],
        because="The variant is for another database.",
    ),
    of_column(
        "a text becomes a UUID",
        lambda: sa.String(36),
        sa.Uuid,
        values=HEX,
        filled=UUIDS,
    ),
    of_column("a number becomes a UUID", sa.Float, sa.Uuid, values=[None]),
    of_column("a UUID becomes a text", sa.Uuid, lambda: sa.String(36), values=[None]),
    of_column(
        "a UUID is no longer one of the database",
        sa.Uuid,
        lambda: sa.Uuid(native_uuid=False),
        values=[None],
        without={"sqlite": "There is no UUID, it is a text always."},
    ),
    of_column(
        "the items of an array get bigger",
        numbers(sa.Integer),
        numbers(sa.BigInteger),
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "the items of an array get longer",
        numbers(sa.String(10)),
        numbers(sa.String(20)),
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "an array of texts becomes one of numbers",
        numbers(sa.String(10)),
        numbers(sa.Integer),
        values=[["1", "2"], [], None],
        filled=[[1, 2], [], None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "a text becomes an address",
        lambda: sa.String(40),
        postgresql.INET,
        values=["10.0.0.1", "::1", None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "INET becomes CIDR",
        postgresql.INET,
        postgresql.CIDR,
        values=["10.0.0.0/8", "192.168.1.0/24", None],
        filled=[ip_network("10.0.0.0/8"), ip_network("192.168.1.0/24"), None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "MACADDR becomes MACADDR8",
        postgresql.MACADDR,
        postgresql.MACADDR8,
        values=["08:00:2b:01:02:03", None],
        filled=["08:00:2b:ff:fe:01:02:03", None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "a range gets wider",
        postgresql.INT4RANGE,
        postgresql.INT8RANGE,
        values=[postgresql.Range(1, 5), postgresql.Range(empty=True), None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "a range becomes several",
        postgresql.INT4RANGE,
        postgresql.INT4MULTIRANGE,
        values=[None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "a text becomes one that can be searched",
        sa.Text,
        postgresql.TSVECTOR,
        values=["b", "a", None],
        filled=["'b'", "'a'", None],
        **ONLY_POSTGRESQL,
    ),
    change("a column gets a domain", whole, domain(), **ONLY_POSTGRESQL),
    change("a column loses its domain, which nothing else has", domain(), whole, **ONLY_POSTGRESQL),
    change("the CHECK of a domain changes", domain(), domain("VALUE >= 1"), **ONLY_POSTGRESQL),
    change("a domain gets a default", domain(), domain(default="5"), **ONLY_POSTGRESQL),
    change(
        "a domain becomes NOT NULL",
        domain(),
        domain(not_null=True),
        rows={"things": [{"v": 1}, {"v": 2}]},
        **ONLY_POSTGRESQL,
    ),
    change(
        "a table with a domain is made",
        lambda m: things(m, name="others"),
        lambda m: (things(m, name="others"), domain()(m)),
    ),
    change(
        "a table with a domain is dropped",
        lambda m: (things(m, name="others"), domain()(m)),
        lambda m: things(m, name="others"),
    ),
    of_column(
        "a text becomes a set",
        lambda: sa.String(20),
        lambda: on_set("a", "b", "c"),
        values=["a", "a,c", None],
        filled=[{"a"}, {"a", "c"}, None],
        **ONLY_MARIADB,
    ),
    of_column(
        "a set gets a member",
        lambda: on_set("a", "b"),
        lambda: on_set("a", "b", "c"),
        values=[{"a"}, {"a", "b"}, None],
        **ONLY_MARIADB,
    ),
)
