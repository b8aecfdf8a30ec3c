import secrets
import signal
import time

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from flask_migrate.database.scratch.databases import PREFIX
from flask_migrate.database.scratch.judged import NoScratchPlace
from flask_migrate.database.scratch.mysql import read_models
from flask_migrate.database.snapshots.mysql import read
from flask_migrate.values.schema import Name
from tests.database.scratch.mysql_models import Plain, every_feature

POOLS = {
    "none": {"poolclass": sa.NullPool},
    "one connection": {"pool_size": 1, "max_overflow": 0, "pool_timeout": 1},
    "the same for all": {"poolclass": sa.StaticPool},
}
LEFT = "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE :pattern"
WITH_TABLE = "SELECT table_schema FROM information_schema.tables WHERE table_name = :name"


@pytest.fixture
def other(make_database):
    """The name of another database."""
    return make_database("mariadb").name


@pytest.fixture
def engine(mariadb_database):
    engine = sa.create_engine(mariadb_database.url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


def agree(engine, metadata, schemas=("",)):
    """Return whether the models are in the database, as the server sees it."""
    with engine.connect() as connection:
        judged = read_models(connection, metadata.sorted_tables)
        assert judged.failed == {}
        return judged.snapshot == read(connection, schemas)


def marked():
    """Models of one table with a name that only this test has."""
    metadata = sa.MetaData()
    sa.Table(f"mark_{secrets.token_hex(4)}", metadata, sa.Column("id", sa.Integer))
    return metadata


def places_of(engine, metadata):
    (table,) = metadata.tables
    with engine.connect() as connection:
        return connection.scalars(sa.text(WITH_TABLE), {"name": table}).all()


def test_models_with_every_feature_are_what_create_all_made_of_them(engine, other):
    metadata = every_feature(other)
    metadata.create_all(engine)

    assert agree(engine, metadata, ("", other))


def test_so_they_are_with_the_dialect_of_mariadb(engine, other):
    url = engine.url.set(drivername="mariadb+pymysql")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    metadata = every_feature(other)
    metadata.create_all(engine)

    assert agree(engine, metadata, ("", other))


@pytest.mark.parametrize("how", POOLS)
def test_any_pool_is_good_enough(engine, how):
    engine = sa.create_engine(engine.url, **POOLS[how])
    metadata = marked()
    metadata.create_all(engine)

    assert agree(engine, metadata)
    assert places_of(engine, metadata) == [engine.url.database]
    engine.dispose()


@pytest.mark.parametrize(
    "setting",
    [
        "sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')",
        "default_storage_engine = 'MyISAM'",
        "time_zone = '+05:00'",
        "character_set_client = 'latin1'",
    ],
)
def test_what_the_application_says_when_it_connects_counts_for_both_sides(engine, setting):
    @sa.event.listens_for(engine, "connect")
    def set_it(connection, _record):
        with connection.cursor() as cursor:
            cursor.execute(f"SET SESSION {setting}")

    metadata = sa.MetaData()
    sa.Table(
        "a",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.TIMESTAMP, server_default="2020-01-01 00:00:00"),
        sa.Column("b", sa.String(10), sa.CheckConstraint("b <> 'ä'"), server_default="ü"),
        sa.Column("json", sa.JSON),
    )
    metadata.create_all(engine)

    assert agree(engine, metadata)


@pytest.mark.parametrize("collation", ["latin1_german1_ci", "utf8mb4_bin", "utf8mb3_unicode_ci"])
def test_the_scratch_database_has_the_character_set_of_the_real_one(engine, other, collation):
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"ALTER DATABASE {engine.url.database} COLLATE {collation} "
            f"CHARACTER SET {collation.partition('_')[0]}"
        )
    metadata = every_feature(other)
    metadata.create_all(engine)

    assert agree(engine, metadata, ("", other))


CHANGES = {
    "type": lambda: ([sa.Column("b", sa.String(10))], [sa.Column("b", sa.String(11))]),
    "unsigned": lambda: (
        [sa.Column("b", mysql.INTEGER())],
        [sa.Column("b", mysql.INTEGER(unsigned=True))],
    ),
    "boolean": lambda: (
        [sa.Column("b", sa.Boolean)],
        [sa.Column("b", sa.Boolean(create_constraint=True))],
    ),
    "enum": lambda: ([sa.Column("b", sa.Enum("a", "b"))], [sa.Column("b", sa.Enum("b", "a"))]),
    "charset": lambda: (
        [sa.Column("b", sa.String(10))],
        [sa.Column("b", mysql.VARCHAR(10, charset="latin1"))],
    ),
    "collation": lambda: (
        [sa.Column("b", sa.String(10))],
        [sa.Column("b", sa.String(10, collation="utf8mb4_bin"))],
    ),
    "json": lambda: ([sa.Column("b", sa.JSON)], [sa.Column("b", mysql.LONGTEXT)]),
    "nullable": lambda: (
        [sa.Column("b", sa.Integer)],
        [sa.Column("b", sa.Integer, nullable=False)],
    ),
    "default": lambda: (
        [sa.Column("b", sa.String(9), server_default="\\")],
        [sa.Column("b", sa.String(9), server_default="\\\\")],
    ),
    "empty default": lambda: (
        [sa.Column("b", sa.String(9), server_default="")],
        [sa.Column("b", sa.String(9))],
    ),
    "null as text": lambda: (
        [sa.Column("b", sa.String(9), server_default="NULL")],
        [sa.Column("b", sa.String(9), server_default=sa.text("NULL"))],
    ),
    "on update": lambda: (
        [sa.Column("b", sa.DateTime, server_default=sa.text("now()"))],
        [sa.Column("b", sa.DateTime, server_default=sa.text("now() ON UPDATE now()"))],
    ),
    "computed": lambda: (
        [sa.Column("b", sa.Integer, sa.Computed("a + 1"))],
        [sa.Column("b", sa.Integer, sa.Computed("a + 2"))],
    ),
    "stored": lambda: (
        [sa.Column("b", sa.Integer, sa.Computed("a + 1"))],
        [sa.Column("b", sa.Integer, sa.Computed("a + 1", persisted=True))],
    ),
    "numbered": lambda: (
        [sa.Column("b", sa.Integer, primary_key=True)],
        [sa.Column("b", sa.Integer, primary_key=True, autoincrement=False)],
    ),
    "comment": lambda: ([sa.Column("b", sa.Integer, comment="'")], [sa.Column("b", sa.Integer)]),
    "invisible": lambda: ([sa.Column("b", sa.Integer)], [sa.Column("b", Plain("INT INVISIBLE"))]),
    "check": lambda: (
        [sa.CheckConstraint("a > 1", name="c")],
        [sa.CheckConstraint("a >= 1", name="c")],
    ),
    "check of a column": lambda: (
        [sa.Column("b", sa.Integer, sa.CheckConstraint("b > 1"))],
        [sa.Column("b", sa.Integer)],
    ),
    "name of a check": lambda: (
        [sa.CheckConstraint("a > 1", name="c")],
        [sa.CheckConstraint("a > 1", name="d")],
    ),
    "unique": lambda: ([], [sa.UniqueConstraint("a")]),
    "index": lambda: ([sa.Index("i", "a")], [sa.Index("i", "a", unique=True)]),
    "order of an index": lambda: ([sa.Index("i", "a")], [sa.Index("i", sa.text("a DESC"))]),
    "foreign key": lambda: (
        [sa.ForeignKeyConstraint(["a"], ["t.k"])],
        [sa.ForeignKeyConstraint(["a"], ["t.k"], ondelete="CASCADE")],
    ),
}
OPTIONS = {
    "engine": ({}, {"mysql_engine": "MyISAM"}),
    "charset": ({}, {"mysql_default_charset": "latin1"}),
    "collation": ({}, {"mysql_collate": "utf8mb4_bin"}),
    "row format": ({}, {"mysql_row_format": "COMPACT"}),
    "comment": ({"comment": "a"}, {"comment": "b"}),
    "partitions": ({}, {"mysql_partition_by": "HASH (k)", "mysql_partitions": "3"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_in_a_table_makes_a_difference_both_ways(engine, name):
    check_both_ways(engine, *(table_with(parts) for parts in CHANGES[name]()))


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_that_changes_makes_a_difference_both_ways(engine, name):
    check_both_ways(engine, *(table_with([], **options) for options in OPTIONS[name]))


def check_both_ways(engine, one, another):
    for before, after in ((one, another), (another, one)):
        before.create_all(engine)
        assert agree(engine, before)
        assert not agree(engine, after)
        before.drop_all(engine)


def table_with(parts, **options):
    metadata = sa.MetaData()
    has_key = any(isinstance(part, sa.Column) and part.primary_key for part in parts)
    own = sa.Column("k", sa.Integer, primary_key=not has_key, autoincrement=False)
    key = [sa.UniqueConstraint("k")] if has_key else []
    sa.Table("t", metadata, own, sa.Column("a", sa.Integer), *parts, *key, **options)
    return metadata


def test_a_change_of_the_start_of_auto_increment_is_seen_until_the_table_has_come_that_far(engine):
    def starting_at(**options):
        metadata = sa.MetaData()
        key = sa.Column("id", sa.Integer, primary_key=True)
        sa.Table("t", metadata, key, sa.Column("a", sa.Integer), **options)
        return metadata

    none, late = starting_at(), starting_at(mysql_auto_increment="100")
    none.create_all(engine)
    with engine.connect() as connection:
        table = read_models(connection, late.sorted_tables).snapshot.tables[Name("", "t")]
        assert dict(table.options)["auto_increment"] == "100"
    with engine.begin() as connection:
        connection.execute(none.tables["t"].insert(), [{"a": 1}, {"a": 2}])
    assert agree(engine, none)
    assert not agree(engine, late)

    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE t AUTO_INCREMENT = 100")
    assert agree(engine, late)
    assert agree(engine, none)
    with engine.begin() as connection:
        connection.execute(none.tables["t"].insert(), [{"a": 1}, {"a": 2}])
    assert agree(engine, late)


def test_names_of_scratch_databases_are_nowhere_in_what_is_found(engine, other):
    metadata = every_feature(other)

    with engine.connect() as connection:
        found = read_models(connection, metadata.sorted_tables).snapshot

    assert PREFIX not in repr(found)
    assert found.schemas == {"", other}
    assert {str(name) for name in found.tables} == set(metadata.tables)


def test_a_schema_that_does_not_exist_yet_is_tried_all_the_same(engine):
    metadata = sa.MetaData(schema="not_there_yet")
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True))

    with engine.connect() as connection:
        found = read_models(connection, metadata.sorted_tables).snapshot

        assert set(found.tables) == {Name("not_there_yet", "a")}
        assert found.schemas == {"", "not_there_yet"}
        assert read(connection, ["", "not_there_yet"]).schemas == {""}


def test_the_database_of_the_connection_by_its_name_is_the_default_schema(engine):
    here = engine.url.database
    metadata = sa.MetaData(schema=here)
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("b", metadata, sa.Column("a", sa.ForeignKey(f"{here}.a.id")))
    metadata.create_all(engine)

    assert agree(engine, metadata, ("", here))
    with engine.connect() as connection:
        found = read_models(connection, metadata.sorted_tables).snapshot
    assert set(found.tables) == {Name("", "a"), Name("", "b")}


def test_some_tables_of_the_models_can_be_tried_without_the_others(engine, other):
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("c", metadata, sa.Column("id", sa.Integer, primary_key=True), schema=other)
    b = sa.Table(
        "b",
        metadata,
        sa.Column("a", sa.ForeignKey("a.id")),
        sa.Column("c", sa.ForeignKey(f"{other}.c.id")),
    )
    metadata.create_all(engine)

    with engine.connect() as connection:
        judged = read_models(connection, [b])
        real = read(connection, ["", other])

    assert judged.snapshot.tables == {Name("", "b"): real.tables[Name("", "b")]}


def test_a_table_that_the_server_refuses_is_the_only_one_that_is_not_judged(engine, other):
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("b", metadata, sa.Column("a", Plain("NO SUCH TYPE")), schema=other)
    sa.Table("c", metadata, sa.Column("a", sa.Integer), sa.Index("i", "a", mysql_prefix="FULLTEXT"))
    sa.Table("d", metadata, sa.Column("a", sa.String))
    sa.Table("e", metadata, sa.Column("a_id", sa.ForeignKey("a.id")))

    with engine.connect() as connection:
        judged = read_models(connection, metadata.sorted_tables)

    assert set(judged.snapshot.tables) == {Name("", "a"), Name("", "e")}
    assert set(judged.failed) == {Name(other, "b"), Name("", "c"), Name("", "d")}
    assert judged.failed[Name(other, "b")] == "Unknown data type: 'NO'"
    assert judged.failed[Name("", "c")] == "Column 'a' cannot be part of FULLTEXT index"
    assert "requires a length" in judged.failed[Name("", "d")]
    assert PREFIX not in repr(judged)


def test_the_transaction_of_the_caller_goes_on_as_if_nothing_had_been(engine):
    metadata = marked()
    metadata.create_all(engine)
    (table,) = metadata.sorted_tables

    with engine.connect() as connection:
        with connection.begin() as transaction:
            connection.execute(table.insert(), {"id": 1})
            read_models(connection, [table])

            assert transaction.is_active
            transaction.rollback()
        assert connection.execute(table.select()).all() == []
        connection.rollback()

        read_models(connection, [table])
        assert not connection.in_transaction()
        assert connection.scalar(sa.text("SELECT DATABASE()")) == engine.url.database


def test_nothing_is_left_when_it_is_interrupted(engine):
    metadata = marked()
    for number in range(30):
        sa.Table(f"t{number}", metadata, sa.Column("id", sa.Integer), sa.Column("a", Alarm()))
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with engine.connect() as connection, pytest.raises(KeyboardInterrupt):
            read_models(connection, metadata.sorted_tables)
    finally:
        signal.signal(signal.SIGALRM, before)

    with engine.connect() as connection:
        left = sa.text(
            "SELECT table_schema FROM information_schema.tables WHERE table_name = :name"
        )
        (name,) = (name for name in metadata.tables if name.startswith("mark"))
        assert connection.scalars(left, {"name": name}).all() == []


class Alarm(sa.types.UserDefinedType):
    """An integer; soon after it has been written into a statement, the process is interrupted."""

    cache_ok = True

    def get_col_spec(self, **_):
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        return "INT"


def scratch_name(*, age):
    return f"{PREFIX}{int(time.time()) - age:x}_{secrets.token_hex(4)}_0"


def test_what_a_killed_process_has_left_is_dropped_after_an_hour(engine):
    old, young, used = scratch_name(age=3700), scratch_name(age=3500), scratch_name(age=3700)
    foreign = f"{PREFIX}of_somebody_else_{secrets.token_hex(4)}"
    with engine.connect() as connection:
        for name in (old, young, used, foreign):
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        connection.exec_driver_sql(f"SELECT GET_LOCK('{used.rpartition('_')[0]}', 0)")
        try:
            with engine.connect() as another:
                read_models(another, marked().sorted_tables)
            left = connection.scalars(sa.text(LEFT), {"pattern": PREFIX + "%"}).all()
        finally:
            for name in (old, young, used, foreign):
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")

    assert old not in left
    assert {young, used, foreign} <= set(left)


def test_who_may_make_no_database_is_told_so(engine):
    user, password = f"godwit_{secrets.token_hex(4)}", secrets.token_hex(8)
    here = engine.url.database
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE USER {user} IDENTIFIED BY '{password}'")
        connection.exec_driver_sql(f"GRANT ALL ON {here}.* TO {user}")
    theirs = sa.create_engine(
        engine.url.set(username=user, password=password), poolclass=sa.NullPool
    )
    metadata = marked()
    metadata.create_all(theirs)
    try:
        with theirs.connect() as connection:
            with pytest.raises(NoScratchPlace, match="Access denied") as caught:
                read_models(connection, metadata.sorted_tables)
            assert len(read(connection, [""]).tables) == 1
        with engine.begin() as connection:
            grant = f"GRANT ALL ON `{PREFIX}%`.* TO {user}".replace("%", "%%")
            connection.exec_driver_sql(grant)
        assert agree(theirs, metadata)
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP USER {user}")
    assert password not in str(caught.value)
