"""What a server has said is remembered, and only ever confirms what a database has."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DOMAIN

from flask_migrate.caches import cache_of
from flask_migrate.database.judge import judge
from flask_migrate.database.scratch import answers as room
from flask_migrate.database.scratch.answers import Answers
from flask_migrate.database.snapshots.read import read_models, read_snapshot
from flask_migrate.values.schema import Name
from tests.database.descriptions.test_describe import CHANGES, dialect_name, is_for_every_day, made

THINGS, OTHERS = Name("", "things"), Name("", "others")


def models(condition="score > 0", *, labels=("a", "b"), **options):
    """Two models of which only the server knows what they are in its words."""
    metadata = sa.MetaData()
    for name, text in (("things", condition), ("others", "score < 9")):
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("score", sa.Integer),
            sa.Column("kind", sa.Enum(*labels, name=f"{name}_kind")),
            sa.CheckConstraint(text, name=f"{name}_score"),
            **options,
        )
    return metadata


def named(metadata):
    return {Name(one.schema or "", one.name): one for one in metadata.tables.values()}


def fingerprints(directory):
    return Answers(None, directory)._known


@pytest.fixture
def engine(database):
    engine = sa.create_engine(database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine):
    """A connection to a database that is as `models()` say."""
    models().create_all(engine)
    with engine.connect() as connection:
        yield connection


@pytest.fixture
def ask(connection, monkeypatch, tmp_path):
    """A function that compares models, and returns which of them the server was asked about."""
    asked = []

    def read(connection, tables, **options):
        asked.extend(sorted(one.name for one in tables))
        return read_models(connection, tables, **options)

    monkeypatch.setattr("flask_migrate.database.judge.read_models", read)

    def ask(metadata):
        asked.clear()
        found = read_snapshot(connection, {""})
        judged = judge(connection, named(metadata), found, directory=tmp_path)
        whole = read_models(connection, list(metadata.tables.values()))
        assert judged == whole
        connection.rollback()
        return list(asked)

    return ask


def test_a_server_is_asked_the_same_only_once(ask):
    assert ask(models()) == ["others", "things"]
    assert ask(models()) == []


def test_it_is_asked_about_what_the_models_say_now(ask):
    ask(models())

    assert ask(models("score > 1")) == ["things"]
    # It is not yet so, whatever is remembered of it.
    assert ask(models("score > 1")) == ["things"]


def test_it_is_asked_about_what_is_not_so_any_longer(ask, connection):
    ask(models())
    with connection.engine.begin() as other:
        if connection.dialect.name == "sqlite":
            other.exec_driver_sql("ALTER TABLE things ADD COLUMN more INTEGER")
        else:
            other.exec_driver_sql("ALTER TABLE things DROP CONSTRAINT things_score")

    assert ask(models()) == ["things"]


def test_what_has_been_applied_since_is_not_asked_about(ask, connection):
    ask(models("score > 1"))
    with connection.engine.begin() as other:
        models().drop_all(other)
        models("score > 1").create_all(other)

    assert ask(models("score > 1")) == []


def test_a_type_of_a_table_belongs_to_it(ask, connection):
    if connection.dialect.name == "postgresql":
        ask(models())
        with connection.engine.begin() as other:
            other.exec_driver_sql("ALTER TYPE things_kind ADD VALUE 'c'")

        assert ask(models()) == ["things"]
    assert ask(models(labels=("a", "b", "long"))) == ["others", "things"]


def test_a_domain_of_a_table_belongs_to_it(make_database, tmp_path):
    metadata = sa.MetaData()
    positive = DOMAIN("positive", sa.Integer, check="VALUE > 0")
    sa.Table("things", metadata, sa.Column("score", positive))
    engine = sa.create_engine(make_database("postgresql").url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        found = read_snapshot(connection, {""})
        judge(connection, named(metadata), found, directory=tmp_path)
        answers = Answers(connection, tmp_path)

        assert answers.confirmed(named(metadata), found).domains == found.domains != {}
        connection.exec_driver_sql("ALTER DOMAIN positive SET DEFAULT 5")
        found = read_snapshot(connection, {""})
        assert answers.confirmed(named(metadata), found).tables == {}
    engine.dispose()


@pytest.mark.parametrize(
    ("dialect", "setting"),
    [
        ("postgresql", "SET datestyle = 'German'"),
        ("postgresql", "SET search_path = public, information_schema"),
        ("mariadb", "SET sql_mode = 'ANSI'"),
    ],
)
def test_another_setting_makes_it_another_question(make_database, tmp_path, dialect, setting):
    engine = sa.create_engine(make_database(dialect).url)
    models().create_all(engine)
    with engine.connect() as connection:
        found = read_snapshot(connection, {""})
        judge(connection, named(models()), found, directory=tmp_path)
        assert Answers(connection, tmp_path).confirmed(named(models()), found).tables

        connection.exec_driver_sql(setting)
        assert not Answers(connection, tmp_path).confirmed(named(models()), found).tables
    engine.dispose()


def test_what_depends_on_the_rows_is_asked_each_time(make_database, tmp_path):
    options = {"mysql_auto_increment": "50", "mariadb_auto_increment": "50"}
    engine = sa.create_engine(make_database("mariadb").url)
    metadata = models(**options)
    metadata.create_all(engine)
    with engine.connect() as connection:
        judge(connection, named(metadata), read_snapshot(connection, {""}), directory=tmp_path)
    engine.dispose()

    assert not fingerprints(tmp_path)


def test_what_inherits_is_asked_about_each_time(make_database, tmp_path):
    metadata = models()
    sa.Table("heirs", metadata, sa.Column("more", sa.Text), postgresql_inherits="things")
    engine = sa.create_engine(make_database("postgresql").url)
    metadata.create_all(engine)
    with engine.connect() as connection:
        judge(connection, named(metadata), read_snapshot(connection, {""}), directory=tmp_path)
    engine.dispose()

    assert len(fingerprints(tmp_path)) == 2


def test_what_the_server_refuses_is_asked_about_each_time(ask):
    wrong = models("nonsense((")

    assert ask(wrong) == ["others", "things"]
    assert ask(wrong) == ["things"]


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda _: b"", lambda _: b"x"])
def test_a_memory_that_is_not_whole_is_made_again(ask, tmp_path, damage):
    ask(models())
    place = cache_of(tmp_path, "answers-1")
    place.write_bytes(damage(place.read_bytes()))

    assert ask(models()) == ["others", "things"]
    assert ask(models()) == []


def test_who_cannot_write_it_goes_without(ask, tmp_path):
    # A file where the directory would be: nobody can write there, not even root.
    (tmp_path / "__pycache__").write_text("")

    for _ in range(2):
        assert ask(models()) == ["others", "things"]


def test_what_was_learned_last_is_kept(ask, tmp_path, monkeypatch):
    monkeypatch.setattr(room, "_MOST", 3)
    for number in range(5):
        ask(models(f"score > {number}"))

    assert len(fingerprints(tmp_path)) == 3
    ask(models())
    assert ask(models()) == []


def test_several_at_once_leave_a_whole_one(engine, tmp_path):
    models().create_all(engine)
    errors = []

    def work(number):
        try:
            with engine.connect() as connection:
                for each in range(5):
                    metadata = models(f"score > {number * 5 + each}")
                    found = read_snapshot(connection, {""})
                    judge(connection, named(metadata), found, directory=tmp_path)
        except Exception as error:  # noqa: BLE001  (told below)
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not errors
    assert fingerprints(tmp_path)
    assert [one.name for one in (tmp_path / "__pycache__").iterdir()] == ["flask_migrate.answers-1"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([one for one in CHANGES if is_for_every_day(one)], id="some"),
        pytest.param(CHANGES, id="all", marks=pytest.mark.soak),
    ],
)
def test_only_what_is_so_is_confirmed(engine, tmp_path, changes):
    """Everything that was ever said of any model is remembered, and confirms nothing wrong."""
    wrong, count = [], 0
    with engine.connect() as connection:
        for change in changes:
            if dialect_name(connection) in change.without:
                continue
            before, after = (
                _judged(made(one, connection), connection, tmp_path)
                for one in (change.before, change.after)
            )
            for tables, judged in (before, after):
                for found in (before[1].snapshot, after[1].snapshot):
                    confirmed = Answers(connection, tmp_path).confirmed(tables, found)
                    count += len(confirmed.tables)
                    wrong += [
                        (change.name, name)
                        for name, table in confirmed.tables.items()
                        if table != judged.snapshot.tables.get(name)
                    ]

    assert not wrong, "\n".join(map(str, wrong))
    assert count > len(changes)


def _judged(tables, connection, directory):
    tables = {_name(one, connection): one for one in tables}
    judged = read_models(connection, list(tables.values()))
    connection.rollback()
    Answers(connection, directory).learn(tables, judged.snapshot)
    return tables, judged


def _name(table, connection):
    is_default = table.schema in {None, connection.dialect.default_schema_name}
    return Name("" if is_default else table.schema, table.name)
