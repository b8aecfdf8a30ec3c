"""Commands called from code, in one process, next to sessions, threads and other applications."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy as Lite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_migrate import Migrate, upgrade
from flask_migrate.errors import SessionOpen
from tests.support.project import APPLICATION, USER, Project

REFUSED = (
    "The session of the application, db.session, is in a transaction on the database that is to be "
    "migrated; the migration would wait for it for ever."
)
FINISH = "Finish it first: db.session.commit(), db.session.rollback() or db.session.close()"
AT_ONCE = 10
"""Seconds; a migration that waits for a lock would wait for ever."""


def in_time(function):
    """Return what a function returns; fail if it hangs."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result(timeout=60)


def test_upgrade_then_migrate_in_one_process(application):
    application.users()
    application.run("migrate", "-m", "create users", "--rev-id", "a1")

    with application.context() as api:
        assert api.upgrade().targets[0].after == ("a1",)
        assert api.migrate().revisions == ()
        application.users(name="orders")
        (written,) = api.migrate(message="create orders").revisions
        assert api.upgrade().targets[0].after == (written.revision,)
        assert api.migrate().revisions == ()
        assert api.check().changes == ()

    assert application.tables() == {"alembic_version", "orders", "users"}
    assert len(application.versions) == 2


def test_two_applications_in_one_process_one_after_the_other(make_application, tmp_path):
    one, two = (
        make_application(f"sqlite:///{tmp_path / name}.db", path=tmp_path / name, **options)
        for name, options in {"one": {"compare_type": False}, "two": {}}.items()
    )
    for application, table in ((one, "users"), (two, "orders"), (one, None), (two, None)):
        if table:
            application.run("init")
            application.users(name=table)
        with application.context() as api:
            api.migrate()
            api.upgrade()

    assert one.tables() == {"alembic_version", "users"}
    assert two.tables() == {"alembic_version", "orders"}
    assert [len(one.versions), len(two.versions)] == [1, 1]


def test_two_threads_do_not_disturb_each_other(make_application, make_database, tmp_path):
    applications = [
        make_application(make_database(dialect).url, path=tmp_path / dialect)
        for dialect in ("postgresql", "mariadb", "sqlite")
    ]
    for number, application in enumerate(applications):
        application.run("init")
        for revision in range(5):
            parent = f"r{number}_{revision - 1}" if revision else None
            application.revision(
                f"r{number}_{revision}",
                parent,
                body=f"op.create_table('t{number}_{revision}', sa.Column('id', sa.Integer))",
                undo=f"op.drop_table('t{number}_{revision}')",
            )
    together = threading.Barrier(len(applications))

    def take_up_and_down(application):
        together.wait()
        with application.context() as api:
            for _ in range(2):
                api.upgrade()
                api.current()
                api.downgrade(revision="-2")
            return api.upgrade().targets[0].after

    with ThreadPoolExecutor(len(applications)) as pool:
        heads = list(pool.map(take_up_and_down, applications, timeout=120))

    assert heads == [("r0_4",), ("r1_4",), ("r2_4",)]
    for number, application in enumerate(applications):
        made = {f"t{number}_{revision}" for revision in range(5)}
        assert application.tables() == {"alembic_version", *made}


def alter_users(application):
    """Make users with one row, and a second revision that changes it."""
    with application.context() as api:
        application.revision(
            "a1",
            body="op.create_table('users', sa.Column('id', sa.Integer, primary_key=True))",
        )
        api.upgrade()
    application.execute("INSERT INTO users (id) VALUES (1)")
    application.revision(
        "b2", "a1", body="op.add_column('users', sa.Column('phone', sa.String(20)))"
    )


@pytest.mark.parametrize("statement", ["SELECT * FROM users", "INSERT INTO users VALUES (2)"])
def test_a_session_in_a_transaction_never_makes_the_migration_wait(application, statement):
    alter_users(application)

    def upgrade_with_open_session():
        with application.context() as api:
            application.db.session.execute(sa.text(statement))
            started = time.monotonic()
            try:
                upgraded = api.upgrade().targets[0].after
            except SessionOpen as error:
                upgraded = (error.message, error.hint)
            assert time.monotonic() - started < AT_ONCE
            application.db.session.rollback()
            # SQLite's driver opens no transaction for a SELECT: there it works.
            works = application.db.engine.name == "sqlite" and statement.startswith("SELECT")
            assert upgraded == (("b2",) if works else (REFUSED, FINISH))
            if not works:
                assert api.current().targets[0].revisions[0].revision == "a1"
            return api.upgrade().targets[0].after

    assert in_time(upgrade_with_open_session) == ("b2",)
    assert application.execute("SELECT id, phone FROM users") == [(1, None)]


def test_a_session_that_has_finished_is_no_obstacle(application):
    alter_users(application)

    def upgrade_after_commit():
        with application.context() as api:
            application.db.session.execute(sa.text("SELECT * FROM users"))
            application.db.session.commit()
            return api.upgrade().targets[0].after

    assert in_time(upgrade_after_commit) == ("b2",)


def test_a_command_that_changes_nothing_does_not_mind_a_session(application):
    alter_users(application)

    def ask_with_open_session():
        with application.context() as api:
            application.db.session.execute(sa.text("SELECT * FROM users"))
            api.current(), api.history(indicate_current=True), api.upgrade(revision="a1")
            assert "phone" in api.upgrade(sql=True).targets[0].sql
            return application.db.session().in_transaction()

    assert in_time(ask_with_open_session)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mariadb"])
def test_a_session_of_flask_sqlalchemy_lite_is_noticed(make_database, tmp_path, dialect):
    app = Flask("shop", root_path=str(tmp_path))
    app.config["SQLALCHEMY_ENGINES"] = {"default": make_database(dialect).url}

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)

    db = Lite(app)
    migrate = Migrate(app, db, directory=str(tmp_path / "migrations"), metadata=Base.metadata)
    assert migrate.db is db or migrate.db is None
    run = app.test_cli_runner().invoke
    for command in (["init"], ["migrate"], ["upgrade"], ["revision", "--rev-id", "b2"]):
        assert run(args=["db", *command]).exit_code == 0
    (path,) = (tmp_path / "migrations" / "versions").glob("b2_*.py")
    path.write_text(path.read_text().replace("pass", "op.execute('DROP TABLE users')", 1))

    def upgrade_with_open_session():
        with app.app_context():
            db.session.execute(sa.insert(User).values(id=1))
            with pytest.raises(SessionOpen) as raised:
                upgrade()
            assert raised.value.message == REFUSED
            db.session.rollback()
            return upgrade().targets[0].after

    assert in_time(upgrade_with_open_session) == ("b2",)
    with app.app_context():
        db.engine.dispose()


def test_a_script_that_forgets_its_session_ends(sqlite_project):
    sqlite_project.models(USER)
    sqlite_project.db("init")
    sqlite_project.db("migrate", "-m", "create users")
    sqlite_project.db("upgrade")
    sqlite_project.write("app.py", f"{APPLICATION}{USER}    phone = db.Column(db.String(20))\n")
    sqlite_project.db("migrate", "-m", "add phone")
    code = """
        from app import app, db
        from flask_migrate import upgrade
        with app.app_context():
            db.session.execute(db.text("INSERT INTO users (id, name) VALUES (1, 'Ada')"))
            upgrade()
    """

    done = sqlite_project.python_code(code, exit_code=1)

    assert f"flask_migrate.errors.SessionOpen: {REFUSED}\n" in done.stderr


def test_a_session_of_an_outer_context_is_noticed(make_database, tmp_path):
    project = Project(tmp_path / "project", make_database("postgresql").url)
    project.models(USER)
    project.db("init")
    project.db("migrate", "-m", "create users")
    code = """
        from app import app, db
        from flask_migrate import upgrade, downgrade
        with app.app_context():
            upgrade()
            db.session.execute(db.text("SELECT * FROM users"))
            with app.app_context():
                downgrade()
    """

    done = project.python_code(code, exit_code=1)

    assert f"flask_migrate.errors.SessionOpen: {REFUSED}\n" in done.stderr
