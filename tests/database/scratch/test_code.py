"""Views, functions and triggers of models, made in a scratch place."""

import pytest
import sqlalchemy as sa

from flask_migrate import View
from flask_migrate.database.snapshots.read import read_models, read_snapshot
from flask_migrate.declarations.events import declared_code
from flask_migrate.values.schema import Name

LEGACY = ("CREATE TABLE legacy (x integer)", "CREATE VIEW old AS SELECT x FROM legacy")


@pytest.fixture
def engine(database):
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


def things(count=1):
    metadata = sa.MetaData()
    for number in range(count):
        columns = sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9))
        sa.Table(f"things{number or ''}", metadata, *columns)
    return metadata


def declare(metadata, *statements, event="after_create"):
    for one in statements:
        sa.event.listen(metadata, event, sa.DDL(one.replace("%", "%%")))


def judged(engine, metadata):
    tables = metadata.sorted_tables
    with engine.connect() as connection:
        return read_models(connection, tables, code=declared_code([metadata], tables, connection))


def found(engine, *schemas):
    with engine.connect() as connection:
        return read_snapshot(connection, schemas or [""])


def execute(engine, *statements):
    with engine.begin() as connection:
        for one in statements:
            connection.exec_driver_sql(one)


def test_code_is_what_create_all_makes_of_it(engine):
    metadata = things()
    text = "SELECT id, 'it''s 100% :x' AS said, name FROM things WHERE name <> '%'"
    View('a%b "c"', text, metadata=metadata)
    declare(metadata, "CREATE VIEW first_one AS SELECT id FROM things")
    View("another", "SELECT count(*) AS n FROM first_one", metadata=metadata)

    said = judged(engine, metadata)
    metadata.create_all(engine)

    assert said.failed == {}
    assert said.snapshot.code == found(engine).code


def test_what_is_there_already_is_neither_used_nor_changed(engine):
    old, new = things(), things()
    View("seen", "SELECT id FROM things", metadata=old)
    View("seen", "SELECT name FROM things", metadata=new)
    old.create_all(engine)
    before = found(engine)

    (view,) = judged(engine, new).snapshot.code

    assert found(engine) == before
    assert "name" in view.definition


def test_a_view_may_read_what_the_models_do_not_have(engine):
    execute(engine, *LEGACY)
    metadata = things()
    query = "SELECT things.id, legacy.x FROM things JOIN legacy ON x = id JOIN old ON old.x = id"
    View("both", query, metadata=metadata)

    said = judged(engine, metadata)
    metadata.create_all(engine)

    assert said.failed == {}
    assert set(said.snapshot.tables) == {Name("", "things")}
    (made,) = said.snapshot.code
    assert made.definition in {one.definition for one in found(engine).code}


def test_what_cannot_be_made_is_told_and_what_needs_it_too(engine):
    metadata = things()
    declare(
        metadata,
        "CREATE VIEW wrong AS SELECT 1 FROM nowhere WHERE",
        "CREATE VIEW right_one AS SELECT id FROM things",
    )

    said = judged(engine, metadata)

    assert set(said.failed) == {Name("", "view wrong")}
    assert [one.name.name for one in said.snapshot.code] == ["right_one"]


def test_no_real_table_gets_a_trigger(postgresql_database):
    engine = sa.create_engine(postgresql_database.url, poolclass=sa.NullPool)
    execute(engine, *LEGACY, "CREATE SCHEMA far", "CREATE TABLE far.legacy (x integer)")
    metadata = things()
    declare(
        metadata,
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "CREATE TRIGGER a AFTER INSERT ON legacy FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE TRIGGER b AFTER INSERT ON far.legacy FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE TRIGGER c AFTER INSERT ON things FOR EACH ROW EXECUTE FUNCTION public.f()",
    )

    said = judged(engine, metadata)

    assert [str(one) for one in said.snapshot.code] == ["function f()", "trigger c on things"]
    assert said.failed == {
        Name("", "trigger a on legacy"): 'relation "public.legacy" does not exist',
        Name("", "trigger b on far.legacy"): "The models have no table far.legacy.",
    }


def test_code_is_made_among_many_tables(postgresql_database):
    engine = sa.create_engine(postgresql_database.url, poolclass=sa.NullPool)
    metadata = things(450)
    declare(metadata, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    View("seen", "SELECT a.id, f() FROM things a JOIN things449 b USING (id)", metadata=metadata)

    said = judged(engine, metadata)

    assert said.failed == {}
    assert len(said.snapshot.tables) == 450
    assert [str(one) for one in said.snapshot.code] == ["function f()", "view seen"]


def test_a_view_that_keeps_its_rows_reads_none(postgresql_database):
    engine = sa.create_engine(postgresql_database.url, poolclass=sa.NullPool)
    metadata = things()
    View(
        "kept",
        "SELECT 1 / 0 AS n FROM things UNION SELECT 1 / 0",
        metadata=metadata,
        materialized=True,
    )

    said = judged(engine, metadata)

    assert said.failed == {}
    assert [str(one) for one in said.snapshot.code] == ["materialized view kept"]


def test_a_statement_that_names_the_database_makes_nothing_there(mariadb_database, make_database):
    engine = sa.create_engine(mariadb_database.url, poolclass=sa.NullPool)
    here, there = mariadb_database.name, make_database("mariadb").name
    metadata = things()
    sa.Table("far", metadata, sa.Column("id", sa.Integer), schema=there)
    body = f"RETURN (SELECT 1 FROM {here}.things)"
    declare(
        metadata,
        f"CREATE VIEW {here}.a AS SELECT id FROM {here}.things",
        f"CREATE VIEW `{there}`.`b` AS SELECT far.id FROM `{there}` . far",
        f"CREATE FUNCTION {here}.f() RETURNS int DETERMINISTIC {body}",
        f"CREATE TRIGGER {here}.w BEFORE INSERT ON {here}.things FOR EACH ROW SET @n = '{here}.f'",
    )

    said = judged(engine, metadata)

    assert said.failed == {}
    assert found(engine, "", there).code == ()
    metadata.create_all(engine)
    assert said.snapshot.code == found(engine, "", there).code
