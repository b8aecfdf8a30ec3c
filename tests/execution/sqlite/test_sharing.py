"""What a revision opens by itself works in the transaction of the run, as it did without one."""

import itertools
import json
import textwrap
import time
from dataclasses import dataclass

import pytest

from tests.support.deployed import Deployed
from tests.support.traffic import long_transaction

FIRST = """
op.create_table(
    "book", sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.String(40))
)
op.execute("INSERT INTO book (id, title) VALUES (1, 'Godwits'), (2, 'Waders')")
"""
MODELS = """

class Book(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(40))
    pages = db.Column(db.Integer)


class Shelf(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40))
"""
ADD = 'op.add_column("book", sa.Column("pages", sa.Integer))'
SHELF = (
    'op.create_table("shelf", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("name", sa.String(40)))'
)
HABITS = {
    "session-add": f"""
        {ADD}
        from app import Book, db
        db.session.add(Book(id=3, title="Mudflats", pages=7))
        db.session.commit()
        """,
    "session-attribute": f"""
        {ADD}
        from app import Book, db
        for book in Book.query.order_by(Book.id):
            book.pages = 10 * book.id
        db.session.commit()
        """,
    "session-update": f"""
        {ADD}
        from app import Book, db
        db.session.execute(sa.update(Book).values(pages=5))
        db.session.commit()
        """,
    "session-reads": f"""
        {ADD}
        from app import Book, db
        for book in db.session.scalars(sa.select(Book)).all():
            op.execute(sa.text("UPDATE book SET pages = :n").bindparams(n=len(book.title)))
        """,
    "session-bulk": f"""
        {ADD}
        from app import Book, db
        db.session.execute(sa.insert(Book), [{{"id": n, "title": str(n)}} for n in range(3, 99)])
        db.session.commit()
        op.execute("UPDATE book SET pages = id WHERE id > 50")
        """,
    "session-is-rolled-back": f"""
        {ADD}
        from app import Book, db
        db.session.add(Book(id=3, title="Mudflats"))
        db.session.commit()
        db.session.add(Book(id=4, title="lost"))
        db.session.flush()
        db.session.rollback()
        op.execute("UPDATE book SET pages = 1")
        """,
    "session-in-a-savepoint": f"""
        {ADD}
        from app import Book, db
        with db.session.begin_nested():
            db.session.add(Book(id=3, title="Mudflats"))
        try:
            with db.session.begin_nested():
                db.session.add(Book(id=1, title="twice"))
        except sa.exc.IntegrityError:
            pass
        db.session.commit()
        """,
    "session-catches-an-error": f"""
        {ADD}
        from app import Book, db
        db.session.add(Book(id=1, title="twice"))
        try:
            db.session.commit()
        except sa.exc.IntegrityError:
            db.session.rollback()
        db.session.add(Book(id=3, title="Mudflats"))
        db.session.commit()
        """,
    "session-of-its-own": f"""
        {ADD}
        from app import Book, db
        from sqlalchemy.orm import Session
        with Session(db.engine) as session:
            session.add(Book(id=3, title="Mudflats"))
            session.commit()
        with Session(db.engine) as session, session.begin():
            session.add(Book(id=4, title="Dunes"))
        """,
    "table-of-this-revision": f"""
        {SHELF}
        from app import Shelf, db
        db.session.add_all([Shelf(id=1, name="Birds"), Shelf(id=2, name="Coasts")])
        db.session.commit()
        assert Shelf.query.count() == 2
        """,
    "engine-begin": f"""
        {ADD}
        from app import db
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE book SET pages = 3 WHERE id = 1"))
        with db.engine.connect() as connection:
            connection.execute(sa.text("UPDATE book SET pages = 4 WHERE id = 2"))
            connection.commit()
        """,
    "engine-of-the-operations": f"""
        {ADD}
        with op.get_bind().engine.begin() as connection:
            connection.execute(sa.text("UPDATE book SET pages = 3"))
        """,
    "engine-without-commit": f"""
        {ADD}
        from app import db
        with db.engine.connect() as connection:
            connection.execute(sa.text("UPDATE book SET pages = 3"))
        """,
    "engine-left-open": f"""
        {ADD}
        from app import db
        connection = db.engine.connect()
        assert connection.execute(sa.text("SELECT max(id) FROM book")).scalar() == 2
        op.execute("UPDATE book SET pages = 6")
        """,
    "engine-in-autocommit": f"""
        {ADD}
        from app import db
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("UPDATE book SET pages = 3"))
        """,
    "engine-of-its-own": f"""
        {ADD}
        from app import app
        engine = sa.create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE book SET pages = 3"))
        engine.dispose()
        """,
    "engine-raw": f"""
        {ADD}
        from app import db
        raw = db.engine.raw_connection()
        raw.cursor().executemany("UPDATE book SET pages = ? WHERE id = ?", [(1, 1), (2, 2)])
        raw.commit()
        script = "INSERT INTO book VALUES (3, 'a;b', 1); DELETE FROM book WHERE id = 2"
        raw.cursor().executescript(script)
        raw.close()
        """,
    "create-all": """
        from app import Shelf, db
        db.create_all()
        db.session.add(Shelf(id=1, name="Birds"))
        db.session.commit()
        """,
    "reflects": f"""
        {ADD}
        from app import db
        assert sa.inspect(db.engine).get_columns("book")[-1]["name"] == "pages"
        table = sa.Table("book", sa.MetaData(), autoload_with=db.engine)
        with db.engine.begin() as connection:
            connection.execute(table.update().values(pages=8))
        """,
    "autocommit-block": f"""
        {ADD}
        from app import Book, db
        with op.get_context().autocommit_block():
            op.execute("UPDATE book SET pages = 1")
            db.session.add(Book(id=3, title="Mudflats"))
            db.session.commit()
        db.session.add(Book(id=4, title="Dunes"))
        db.session.commit()
        """,
}
DOWN = """
from app import Shelf, db
db.session.execute(sa.text("DELETE FROM book WHERE id > 2"))
db.session.commit()
if "shelf" in sa.inspect(op.get_bind()).get_table_names():
    Shelf.query.delete()
    db.session.commit()
    op.drop_table("shelf")
"""
NEXT = """
from app import db
count = db.session.execute(sa.text("SELECT count(*) FROM book")).scalar()
db.session.execute(sa.text("INSERT INTO book (id, title) VALUES (1000 + :n, 'next')"), {"n": count})
db.session.commit()
"""

TABLES = """
def tables():
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}
    connection.close()
    return found

"""


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one side made of a history.

    Attributes:
        outcome: The tables after the upgrade, and after the downgrade; None if it failed.
        stderr: What it said.
    """

    outcome: object
    stderr: str


@pytest.fixture
def make(make_database, tmp_path):
    """A function that makes an application with models: make(app="...", env="engine-begin")."""
    made = []
    numbers = itertools.count(1)

    def make(*, app="", env="ours"):
        path = tmp_path / f"application-{next(numbers)}"
        made.append(Deployed(path, make_database("sqlite"), env=env))
        text = (path / "app.py").read_text("utf-8")
        made[-1].write("app.py", f"{text}{textwrap.dedent(app)}{MODELS}")
        return made[-1]

    yield make
    for deployed in made:
        deployed.close()


def in_code(deployed, code, *, exit_code=0):
    """Run code in the context of the application, and return what it printed as JSON."""
    path = deployed.url.removeprefix("sqlite:///")
    done = deployed.python_code(
        "import json, sqlite3\nimport sqlalchemy as sa\nfrom app import app, db\n"
        f"from flask_migrate import downgrade, upgrade\npath = {path!r}\n{TABLES}"
        f"with app.app_context():\n{textwrap.indent(textwrap.dedent(code).strip(), '    ')}\n",
        exit_code=exit_code,
    )
    lines = done.stdout.splitlines()
    shown = [json.loads(line) for line in lines if line.startswith(("[", "{"))]
    return Side(outcome=None if done.exit_code else shown, stderr=done.stderr)


def up_and_down(deployed, habit):
    """Return what a history with a habit comes to."""
    deployed.revision("r1", FIRST)
    deployed.revision("r2", HABITS[habit], DOWN)
    deployed.revision("r3", NEXT)
    code = """
    upgrade()
    print(json.dumps(tables()))
    db.session.remove()
    downgrade(revision="r1")
    print(json.dumps(tables()))
    """
    return in_code(deployed, code, exit_code=None)


@pytest.mark.parametrize("habit", HABITS)
def test_it_comes_to_what_it_always_came_to(make, peer_python, habit):
    ours, peer = make(), make(env="flask-migrate-4")
    peer.python = peer_python
    done, expected = up_and_down(ours, habit), up_and_down(peer, habit)

    assert done.outcome is not None, done.stderr
    assert done.outcome == expected.outcome, expected.stderr


def test_operations_and_sessions_may_write_in_turn(make):
    deployed = make()
    deployed.revision("r1", FIRST)
    deployed.revision(
        "r2",
        f"""
        {ADD}
        from app import Book, db
        db.session.add(Book(id=3, title="Mudflats"))
        db.session.commit()
        op.execute("UPDATE book SET pages = 1")
        db.session.get(Book, 3).pages = 2
        db.session.commit()
        with op.batch_alter_table("book") as batch:
            batch.alter_column("title", existing_type=sa.String(40), type_=sa.String(80))
        db.session.add(Book(id=4, title="Dunes"))
        db.session.commit()
        """,
    )
    deployed.db("upgrade")

    rows = deployed.execute("SELECT id, pages FROM book ORDER BY id")
    assert rows == [(1, 1), (2, 1), (3, 2), (4, None)]


@pytest.mark.parametrize("env", ["ours", "engine-begin"])
@pytest.mark.parametrize("habit", ["session-add", "engine-begin", "create-all", "engine-raw"])
def test_what_a_failing_revision_committed_is_undone_with_it(make, env, habit):
    deployed = make(env=env)
    deployed.revision("r1", FIRST)
    deployed.db("upgrade")
    before = deployed.dump()
    deployed.revision("r2", f"{textwrap.dedent(HABITS[habit])}\nraise ValueError('no')")
    said = deployed.db("upgrade", exit_code=1)

    assert "no" in said.problems
    assert deployed.dump() == before


OPEN = {
    "at the end": "",
    "before an operation": "op.execute('UPDATE book SET pages = 1')",
    "before a commit": "with op.get_context().autocommit_block():\n    pass",
    "before another connection writes": """
with db.engine.begin() as connection:
    connection.execute(sa.text("UPDATE book SET pages = 1"))
""",
}


@pytest.mark.parametrize("then", OPEN.values(), ids=OPEN)
def test_a_transaction_that_a_revision_forgets_is_told(make, then):
    deployed = make()
    deployed.revision("r1", FIRST)
    deployed.db("upgrade")
    before = deployed.dump()
    deployed.revision(
        "r2",
        f"{ADD}\nfrom app import Book, db\ndb.session.add(Book(title='x'))\n"
        f"db.session.flush()\n{then}",
    )
    said = deployed.db("upgrade", exit_code=1)

    assert "db.session.commit()" in said.problems
    assert "Traceback" not in said.stderr
    assert deployed.dump() == before


FAMILY = f"""
{FIRST}
op.create_table(
    "loan",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("book_id", sa.Integer, sa.ForeignKey("book.id", ondelete="CASCADE")),
)
op.execute("INSERT INTO loan VALUES (1, 1)")
"""


@pytest.mark.parametrize("env", ["ours", "flask-migrate-4", "engine-begin"])
def test_a_revision_that_begins_again_does_not_do_twice_what_a_session_began(make, env):
    deployed = make(env=env)
    deployed.revision("r1", FAMILY)
    deployed.revision(
        "r2",
        f"""
        {ADD}
        from app import Book, db
        db.session.add(Book(title="kept"))
        db.session.commit()
        db.session.add(Book(title="pending"))
        with op.batch_alter_table("book") as batch:
            batch.alter_column("title", existing_type=sa.String(40), type_=sa.String(80))
        db.session.commit()
        """,
    )
    said = deployed.db("upgrade", FOREIGN_KEYS="1")

    assert "begins again" in said.stderr
    assert deployed.execute("SELECT title FROM book WHERE id > 2") == [("kept",), ("pending",)]
    assert deployed.execute("SELECT * FROM loan") == [(1, 1)]


ANEW = ("DELETE FROM book WHERE id = 1", "INSERT INTO book (id, title) VALUES (1, 'anew')")
WITHOUT = {
    "operation": "op.execute({!r})",
    "connection": "op.get_bind().exec_driver_sql({!r})",
    "session": "db.session.execute(sa.text({!r}))",
}


@pytest.mark.parametrize("env", ["ours", "engine-begin"])
@pytest.mark.parametrize("way", WITHOUT)
def test_a_revision_that_turns_foreign_keys_off_has_them_off(make, env, way):
    deployed = make(env=env)
    deployed.revision("r1", FAMILY)
    statements = ("PRAGMA foreign_keys=OFF", *ANEW, "PRAGMA foreign_keys=ON")
    body = "\n".join(map(WITHOUT[way].format, statements))
    deployed.revision("r2", f"from app import db\n{body}\ndb.session.commit()")
    deployed.revision("r3", NEXT)
    deployed.db("upgrade", FOREIGN_KEYS="1")

    assert deployed.execute("SELECT title FROM book WHERE id = 1") == [("anew",)]
    assert deployed.execute("SELECT * FROM loan") == [(1, 1)]
    assert deployed.applied() == ["r3"]


def test_a_revision_that_turns_foreign_keys_off_must_not_break_them(make):
    deployed = make()
    deployed.revision("r1", FAMILY)
    deployed.revision("r2", f"op.execute('PRAGMA foreign_keys=OFF')\nop.execute({ANEW[0]!r})")
    said = deployed.db("upgrade", exit_code=1, FOREIGN_KEYS="1")

    assert "rows that refer to none" in said.problems
    assert deployed.execute("SELECT count(*) FROM book") == [(2,)]


def test_foreign_keys_are_enforced_for_what_a_session_writes(make):
    deployed = make()
    deployed.revision("r1", FAMILY)
    deployed.revision(
        "r2", "from app import db\ndb.session.execute(sa.text('INSERT INTO loan VALUES (2, 99)'))"
    )
    said = deployed.db("upgrade", exit_code=1, FOREIGN_KEYS="1")
    assert "FOREIGN KEY constraint failed" in said.problems


PRAGMAS = """

@sa.event.listens_for(sa.Engine, "connect")
def configure(connection, _):
    import sqlite3

    assert isinstance(connection, sqlite3.Connection)
    connection.create_function("double", 1, lambda value: 2 * value)
    for pragma in {pragmas!r}:
        connection.execute(f"PRAGMA {{pragma}}").fetchall()
"""
FILLS = """
op.execute(
    "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
    "INSERT INTO book (id, title) SELECT i, hex(randomblob(400)) FROM n"
)
"""


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_what_the_application_sets_on_each_connection_does_no_harm(make, mode):
    pragmas = (
        "foreign_keys = ON",
        f"journal_mode = {mode}",
        "synchronous = NORMAL",
        "busy_timeout = 3000",
        "cache_size = -64",
        "temp_store = MEMORY",
    )
    deployed = make(app=PRAGMAS.format(pragmas=pragmas))
    deployed.revision("r1", FIRST)
    # More than fits into memory: in the file, it locks readers out until the end.
    deployed.revision(
        "r2",
        f"{ADD}{FILLS}\nfrom app import Book, db\n"
        "Book.query.update({'pages': sa.func.double(Book.id)})\ndb.session.commit()",
    )
    began = time.monotonic()
    deployed.db("upgrade")

    assert deployed.execute("SELECT sum(pages) = 2 * sum(id) FROM book") == [(1,)]
    assert deployed.execute("PRAGMA journal_mode") == [(mode.lower(),)]
    assert time.monotonic() - began < 4


def test_a_listener_of_one_engine_may_change_the_journal(make):
    listener = """

@sa.event.listens_for(sa.Pool, "connect")
def configure(connection, _):
    if READY:
        connection.execute("PRAGMA journal_mode = WAL")


READY = []
"""
    deployed = make(app=listener)
    deployed.revision("r1", FIRST)
    body = textwrap.dedent(HABITS["session-add"])
    deployed.revision("r2", f"import app\napp.READY.append(1)\n{body}")
    deployed.db("upgrade")
    assert deployed.execute("SELECT count(*) FROM book") == [(3,)]


AFTER = """
from app import Book

with db.engine.connect() as one, db.engine.connect() as two:
    pass
pool, listened = db.engine.pool, []
sa.event.listen(pool, "checkout", lambda *_: listened.append(1))
held = db.engine.connect()
count = sa.text("SELECT count(*) FROM book")
assert held.execute(count).scalar() == db.session.execute(count).scalar() == 2
upgrade()
assert db.engine.pool is pool
book = db.session.get(Book, 3)
print(json.dumps([book.title, held.execute(count).scalar()]))
kinds = {type(each.connection.dbapi_connection) for each in (held, db.session.connection())}
book.title = "after"
db.session.commit()
listened.clear()
with db.engine.connect() as one, db.engine.connect() as two, db.engine.connect() as three:
    for each in (one, two, three):
        kinds.add(type(each.connection.dbapi_connection))
        assert each.execute(count).scalar() == 3
assert len(listened) == 3
assert kinds == {sqlite3.Connection}, kinds
held.close()
print(json.dumps(tables()["book"]))
"""


def test_afterwards_sessions_connections_and_pools_are_as_before(make):
    deployed = make()
    deployed.revision("r1", FIRST)
    deployed.db("upgrade")
    # The session is in a transaction before, and still in one after.
    deployed.revision("r2", f"{textwrap.dedent(HABITS['session-add'])}\nBook.query.all()")

    assert in_code(deployed, AFTER).outcome == [
        ["Mudflats", 3],
        [[1, "Godwits", None], [2, "Waders", None], [3, "after", 7]],
    ]


WITH_ENGINE = """
import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate

app = Flask(__name__)


class db:
    engine = sa.create_engine("sqlite://"{pool})


Migrate(app, engine=db.engine, metadata=sa.MetaData())
"""


@pytest.mark.parametrize("pool", ["", ", poolclass=sa.StaticPool"])
def test_a_database_in_memory_is_shared_too(make, pool):
    deployed = make()
    deployed.write("app.py", WITH_ENGINE.format(pool=pool))
    deployed.revision("r1", FIRST)
    lost = "connection = db.engine.connect()\nconnection.execute(sa.text('DELETE FROM book'))"
    deployed.revision(
        "r2", f"{textwrap.dedent(HABITS['engine-begin'])}\n{lost}\nconnection.close()"
    )
    code = """
    pool = db.engine.pool
    upgrade()
    assert db.engine.pool is pool
    with db.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT id, pages FROM book"))
        print(json.dumps([list(row) for row in rows]))
    """
    assert in_code(deployed, code).outcome == [[[1, 3], [2, 4]]]


ASYNC = """
import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from sqlalchemy.ext.asyncio import create_async_engine

app = Flask(__name__)
engine = create_async_engine({url!r})
Migrate(app, engine=engine, metadata=sa.MetaData())
"""
SYNC_ENV = """
import app
import sqlalchemy as sa
from alembic import context

url = app.engine.url.set(drivername="sqlite")
with sa.create_engine(url).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def test_an_asynchronous_engine_is_shared_where_env_py_runs_on_it(make):
    deployed = make()
    url = deployed.url.replace("sqlite://", "sqlite+aiosqlite://")
    deployed.write("app.py", ASYNC.format(url=url))
    deployed.revision("r1", FIRST)
    deployed.revision(
        "r2",
        f"""
        {ADD}
        from sqlalchemy.orm import Session
        from app import engine
        with Session(engine.sync_engine) as session:
            session.execute(sa.text("UPDATE book SET pages = 3"))
            session.commit()
            session.execute(sa.text("UPDATE book SET pages = 4"))
        """,
    )
    deployed.db("upgrade")
    assert deployed.execute("SELECT DISTINCT pages FROM book") == [(3,)]


def test_an_asynchronous_engine_is_shared_where_env_py_runs_on_another(make):
    deployed = make()
    url = deployed.url.replace("sqlite://", "sqlite+aiosqlite://")
    deployed.write("app.py", ASYNC.format(url=url))
    deployed.write("migrations/env.py", SYNC_ENV)
    deployed.revision("r1", FIRST)
    deployed.revision(
        "r2",
        f"""
        {ADD}
        import asyncio
        from app import engine

        async def work():
            async with engine.begin() as connection:
                await connection.execute(sa.text("UPDATE book SET pages = 3"))

        asyncio.run(work())
        """,
    )
    deployed.db("upgrade")
    assert deployed.execute("SELECT DISTINCT pages FROM book") == [(3,)]


OUTSIDE = {
    "a thread": """
from concurrent.futures import ThreadPoolExecutor
from app import app, db

def work():
    with app.app_context():
        db.session.execute(sa.text("UPDATE book SET title = 'x'"))
        db.session.commit()

with ThreadPoolExecutor(1) as pool:
    pool.submit(work).result()
""",
    "the driver": """
import sqlite3
path = op.get_bind().engine.url.database
sqlite3.connect(path, timeout=1).execute("UPDATE book SET title = 'x'")
""",
}


@pytest.mark.parametrize("body", OUTSIDE.values(), ids=OUTSIDE)
def test_what_cannot_be_shared_is_told_and_not_waited_for(make, body):
    deployed = make()
    deployed.revision("r1", FIRST)
    deployed.db("upgrade")
    deployed.revision("r2", f"{ADD}\n{body}")
    began = time.monotonic()
    said = deployed.db("upgrade", exit_code=1)

    assert "op.get_bind(), db.session or an engine" in said.problems
    assert "Traceback" not in said.stderr
    assert time.monotonic() - began < 15
    assert deployed.applied() == ["r1"]


def test_other_threads_of_the_application_go_on_to_read(make):
    deployed = make()
    deployed.revision("r1", FIRST)
    deployed.db("upgrade")
    deployed.revision(
        "r2",
        """
        from concurrent.futures import ThreadPoolExecutor
        from app import app, db, Book

        def work():
            with app.app_context():
                return db.session.scalar(sa.text("SELECT count(*) FROM book"))

        db.session.execute(sa.text("DELETE FROM book"))
        db.session.commit()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(work).result() == 2
        """,
    )
    deployed.db("upgrade")
    assert deployed.execute("SELECT count(*) FROM book") == [(0,)]


def test_rows_that_were_not_read_are_told_and_not_waited_for(make):
    deployed = make()
    deployed.revision("r1", FIRST)
    deployed.revision(
        "r2",
        """
        from app import db
        result = db.session.execute(sa.text("SELECT id FROM book"))
        assert next(result) == (1,)
        op.drop_table("book")
        """,
    )
    said = deployed.db("upgrade", exit_code=1)
    assert "not yet read all rows" in said.problems
    assert "line " in said.problems


def test_a_reader_in_the_way_of_a_session_is_waited_for(make):
    deployed = make()
    deployed.revision("r1", FIRST)
    deployed.db("upgrade")
    deployed.revision(
        "r2",
        """
        from app import db
        db.session.execute(sa.text("PRAGMA cache_size = 1"))
        db.session.execute(
            sa.text(
                "INSERT INTO book (title) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
                "SELECT i + 1 FROM n WHERE i < 5000) SELECT hex(randomblob(200)) FROM n"
            )
        )
        db.session.commit()
        """,
    )
    with long_transaction(deployed.database, "BEGIN", "SELECT * FROM book", seconds=6):
        said = deployed.db("upgrade")
    assert "begins again" in said.stderr
    assert deployed.execute("SELECT count(*) FROM book") == [(5002,)]


def test_a_revision_that_migrates_its_own_database_is_refused(make):
    deployed = make()
    deployed.revision("r1", FIRST)
    deployed.revision("r2", "from flask_migrate import upgrade\nupgrade()")
    said = deployed.db("upgrade", exit_code=1)

    assert "A revision cannot migrate the database that it is a part of." in said.problems
    assert deployed.applied() == ["r1"]
