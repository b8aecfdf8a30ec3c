"""Migrations that an application runs itself."""

import json

from tests.support.shelves import write_chain

SHOWN = """
import json

def show(report):
    (target,) = report.targets
    steps = [[step.revision, step.direction, step.seconds >= 0] for step in target.steps]
    print(json.dumps([list(target.before), list(target.after), steps]))
"""


def run(deployed, code):
    """Run code in the context of the application, and return what it shows."""
    body = "".join(f"    {line}\n" for line in code.strip().splitlines())
    said = deployed.python_code(
        f"{SHOWN}\nimport sqlalchemy as sa\nfrom app import app, db\n"
        f"from flask_migrate import downgrade, upgrade\nwith app.app_context():\n{body}"
    )
    return [json.loads(line) for line in said.stdout.splitlines() if line.startswith("[")]


def test_the_results_have_each_step(deployed):
    write_chain(deployed)
    code = 'show(upgrade())\nshow(downgrade(revision="r1"))\nshow(upgrade(revision="r1"))'
    assert run(deployed, code) == [
        [[], ["r3"], [[revision, "upgrade", True] for revision in ("r1", "r2", "r3")]],
        [["r3"], ["r1"], [[revision, "downgrade", True] for revision in ("r3", "r2")]],
        [["r1"], ["r1"], []],
    ]


def test_an_error_in_a_downgrade_carries_what_was_undone_before_it(deployed):
    write_chain(deployed, back=("python", 0))
    code = """
from flask_migrate.errors import RunFailed
upgrade()
try:
    downgrade(revision="base")
except RunFailed as error:
    show(error.report)
"""
    assert run(deployed, code) == [[["r3"], ["r2"], [["r3", "downgrade", True]]]]


# A plain connection is in the transaction that it begins by itself.
MEMORY = """
engine = sa.create_engine("sqlite://"{pool})
with engine.connect() as connection:
    show(upgrade(connection=connection))
    print(json.dumps(sorted(sa.inspect(connection).get_table_names())))
    rows = connection.execute(sa.text("SELECT id FROM book ORDER BY id"))
    print(json.dumps([row[0] for row in rows]))
    show(downgrade(revision="r2", connection=connection))
"""


def test_an_in_memory_database_is_migrated_on_its_connection(make_deployed):
    for env in ("ours", "flask-migrate-4"):
        deployed = make_deployed("sqlite", env=env)
        write_chain(deployed)
        for pool in ("", ", poolclass=sa.StaticPool"):
            upgraded, tables, rows, downgraded = run(deployed, MEMORY.format(pool=pool))
            assert upgraded[:2] == [[], ["r3"]]
            assert tables == ["alembic_version", "book", "late", "loan", "shelf"]
            assert rows == [1, 2, 3]
            assert downgraded == [["r3"], ["r2"], [["r3", "downgrade", True]]]
        # That of the application was not touched.
        assert deployed.tables() == set()


def test_the_transaction_of_the_caller_stays_the_callers(make_deployed):
    for env in ("ours", "flask-migrate-4"):
        deployed = make_deployed("postgresql", env=env)
        write_chain(deployed)
        code = """
with db.engine.connect() as connection:
    connection.execute(sa.text("CREATE TABLE mine (id INTEGER)"))
    show(upgrade(connection=connection))
    print(json.dumps(sorted(sa.inspect(connection).get_table_names())))
    connection.rollback()
"""
        upgraded, tables = run(deployed, code)
        assert upgraded[:2] == [[], ["r3"]]
        assert tables == ["alembic_version", "book", "late", "loan", "mine", "shelf"]
        assert deployed.tables() == set()


def test_an_error_leaves_the_transaction_of_the_caller_usable(make_deployed):
    deployed = make_deployed("postgresql")
    write_chain(deployed, fault=("data", 4))
    code = """
from flask_migrate.errors import RunFailed
with db.engine.begin() as connection:
    connection.execute(sa.text("CREATE TABLE mine (id INTEGER)"))
    try:
        upgrade(connection=connection)
    except RunFailed as error:
        show(error.report)
    connection.execute(sa.text("INSERT INTO mine VALUES (1)"))
"""
    ((before, after, steps),) = run(deployed, code)
    assert deployed.execute("SELECT id FROM mine") == [(1,)]
    assert (before, after) == ([], deployed.applied())
    assert [step[0] for step in steps] == after
    assert "loan" not in deployed.tables()


FOREIGN_KEYS_ON = """
from flask_migrate.errors import RunFailed
engine = sa.create_engine("sqlite://")
with engine.connect() as connection:
    connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    upgrade(revision="r1", connection=connection)
    {commit}
    connection.exec_driver_sql("INSERT INTO parent (id, name) VALUES (1, 'a')")
    connection.exec_driver_sql("INSERT INTO child (id) VALUES (1)")
    {commit}
    try:
        show(upgrade(connection=connection))
    except RunFailed as error:
        print(json.dumps([str(error), error.hint]))
    print(json.dumps(list(connection.exec_driver_sql("SELECT id FROM child").scalars())))
"""


def write_parent_that_is_rebuilt(deployed):
    deployed.revision(
        "r1",
        """
        id_ = sa.Column("id", sa.Integer, primary_key=True)
        op.create_table("parent", id_, sa.Column("name", sa.Text))
        to_parent = sa.ForeignKey("parent.id", ondelete="CASCADE")
        op.create_table("child", sa.Column("id", sa.Integer, to_parent))
        """,
    )
    deployed.revision(
        "r2",
        """
        with op.batch_alter_table("parent") as batch:
            batch.alter_column("name", existing_type=sa.Text(), nullable=False)
        """,
    )


def test_children_survive_a_rebuild_on_a_connection_of_the_caller(make_deployed):
    deployed = make_deployed("sqlite")
    write_parent_that_is_rebuilt(deployed)
    upgraded, children = run(deployed, FOREIGN_KEYS_ON.format(commit="connection.commit()"))
    assert (upgraded[1], children) == (["r2"], [1])


def test_a_rebuild_in_a_transaction_that_has_begun_is_refused(make_deployed):
    deployed = make_deployed("sqlite")
    write_parent_that_is_rebuilt(deployed)
    (message, hint), children = run(deployed, FOREIGN_KEYS_ON.format(commit=""))
    assert "The table 'parent' was not changed: foreign keys are on" in message
    assert "PRAGMA foreign_keys = OFF" in hint
    assert children == [1]
