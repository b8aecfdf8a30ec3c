import re
from types import MappingProxyType

import pytest
import sqlalchemy as sa

from tests.support.databases import Servers

EMPTY = MappingProxyType({})


def execute(database, statement):
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        return connection.execute(sa.text(statement))


def names_on_server(database):
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        query = {
            "postgresql": "SELECT datname FROM pg_database",
            "mariadb": "SELECT schema_name FROM information_schema.schemata",
        }[database.dialect]
        return set(connection.scalars(sa.text(query)))


@pytest.fixture
def left_open():
    """A function that leaves a transaction open on a database until after the drop."""
    opened = []

    def leave(database):
        engine = sa.create_engine(database.url, poolclass=sa.NullPool)
        connection = engine.connect()
        connection.execute(sa.text("SELECT * FROM bird"))
        opened.append(connection)

    yield leave
    for connection in opened:
        connection.invalidate()
        connection.close()


def test_a_database_is_empty(database):
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    assert sa.inspect(engine).get_table_names() == []
    execute(database, "CREATE TABLE bird (id INTEGER PRIMARY KEY)")


def test_a_name_tells_whose_it_is(database, worker_id):
    assert re.fullmatch(rf"godwit_test_{worker_id}_[0-9a-f]{{6}}_\d+(\.db)?", database.name)
    assert database.name in database.url


def test_the_url_names_the_kind_of_server(database):
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql"}
    assert sa.make_url(database.url).drivername == drivers[database.dialect]


def test_mariadb_is_what_answers_as_mariadb(mariadb_database):
    assert "MariaDB" in execute(mariadb_database, "SELECT version()").scalar_one()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mariadb"])
def test_one_test_can_have_several_databases(make_database, dialect):
    first, second = make_database(dialect), make_database(dialect)
    execute(first, "CREATE TABLE bird (id INTEGER PRIMARY KEY)")
    execute(second, "CREATE TABLE bird (id INTEGER PRIMARY KEY)")
    assert first.url != second.url


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_a_drop_does_not_wait_for_open_connections(
    servers, make_database, left_open, dialect, tmp_path
):
    witness = make_database(dialect)
    database = servers.create(dialect, directory=tmp_path)
    execute(database, "CREATE TABLE bird (id INTEGER PRIMARY KEY)")
    left_open(database)
    assert database.name in names_on_server(witness)

    servers.drop(database)

    assert database.name not in names_on_server(witness)
    assert witness.name in names_on_server(witness)


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_without_a_server_the_failure_says_what_to_do(dialect, tmp_path):
    servers = Servers(worker="gw0", environment=EMPTY)
    with pytest.raises(Exception, match=f"needs a {dialect} server.*make test.*GODWIT_TEST_"):
        servers.create(dialect, directory=tmp_path)


def test_sqlite_needs_no_server(tmp_path):
    database = Servers(worker="gw0", environment=EMPTY).create("sqlite", directory=tmp_path)
    execute(database, "CREATE TABLE bird (id INTEGER PRIMARY KEY)")
