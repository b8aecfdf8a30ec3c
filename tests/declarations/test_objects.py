"""Views, functions and triggers of the registry, made and dropped by SQLAlchemy."""

import pytest
import sqlalchemy as sa

from flask_migrate import Function, Trigger, View
from flask_migrate.database.snapshots.read import read_snapshot

SERVERS = ["mysql", "mariadb"]
TABLE = "a%b Users"


@pytest.fixture
def engine(database):
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


def models():
    """Models with everything that the registry has, on a table that needs quotes."""
    m = sa.MetaData()
    table = sa.Table(
        TABLE, m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9))
    )
    seen = View('s%e"en', sa.select(table.c.id).where(table.c.name == "50%:x"), metadata=m)
    View("kept", "SELECT '50%:x' AS said\n", metadata=m, materialized=True)
    for sql, dialect in {
        "CREATE FUNCTION one(a int DEFAULT 1) RETURNS int LANGUAGE sql AS $$ SELECT 1 % 2 $$": (
            "postgresql"
        ),
        "CREATE FUNCTION one(a int) RETURNS int DETERMINISTIC RETURN 1 % 2": SERVERS,
        "CREATE FUNCTION Touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$": (
            "postgresql"
        ),
    }.items():
        Function(sql, metadata=m, dialect=dialect)
    for sql, dialect in {
        f'CREATE TRIGGER Tr AFTER INSERT ON "{TABLE}" FOR EACH ROW EXECUTE FUNCTION Touch()': (
            "postgresql"
        ),
        f"CREATE TRIGGER Tr AFTER INSERT ON `{TABLE}` FOR EACH ROW SET @a = 1 % 2": SERVERS,
        f'CREATE TRIGGER Tr AFTER INSERT ON "{TABLE}" BEGIN SELECT 1 % 2; END': "sqlite",
    }.items():
        Trigger(sql, metadata=m, dialect=dialect)
    return m, table, seen


def code_in(engine):
    with engine.connect() as connection:
        return {str(one).lower() for one in read_snapshot(connection, [""]).code}


def test_what_create_all_makes_it_makes_once_and_drop_all_drops_it(engine):
    metadata, _, _ = models()
    on = engine.dialect.name
    wanted = {
        'view s%e"en',
        "materialized view kept" if on == "postgresql" else "view kept",
        f"trigger tr on {TABLE}".lower(),
        *(["function one(a integer)", "function touch()"] if on == "postgresql" else []),
        *(["function one"] if on == "mysql" else []),
    }

    metadata.create_all(engine)
    metadata.create_all(engine)
    assert code_in(engine) == wanted

    metadata.drop_all(engine)
    assert code_in(engine) == set()
    metadata.drop_all(engine)


def test_a_view_is_something_to_select_from(engine):
    metadata, table, seen = models()
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(table.insert(), [{"id": 1, "name": "50%:x"}, {"id": 2, "name": "no"}])

        assert connection.scalars(sa.select(seen.table.c.id)).all() == [1]


def test_a_function_that_tables_need_is_made_before_them(postgresql_database):
    engine = sa.create_engine(postgresql_database.url, poolclass=sa.NullPool)
    metadata = sa.MetaData()
    Function(
        "CREATE FUNCTION seven() RETURNS int LANGUAGE sql AS 'SELECT 7'",
        metadata=metadata,
        before_tables=True,
    )
    sa.Table("t", metadata, sa.Column("a", sa.Integer, server_default=sa.text("seven()")))

    metadata.create_all(engine)
    assert code_in(engine) == {"function seven()"}
    metadata.drop_all(engine)
    assert code_in(engine) == set()


@pytest.mark.parametrize("wrong", ["CREATE VIEW v AS SELECT 1", "DROP TABLE t", ""])
def test_a_statement_that_makes_something_else_is_refused_at_once(wrong):
    with pytest.raises(ValueError, match="CREATE FUNCTION"):
        Function(wrong, metadata=sa.MetaData())
    with pytest.raises(ValueError, match="CREATE TRIGGER"):
        Trigger(wrong, metadata=sa.MetaData())
