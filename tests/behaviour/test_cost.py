"""What a command costs follows what it does, and not how long the history is. Counts, not times."""

import json

import pytest

from flask_migrate.revisions.graph import ranges
from flask_migrate.revisions.graph.names import places
from flask_migrate.revisions.history import History
from flask_migrate.revisions.layout import usual_layout
from tests.support.project import USER

REVISION = '''"""step {name}

Revision ID: {name}
Revises: {parents}
"""

revision = {name!r}
down_revision = {parents!r}


def upgrade():
    raise AssertionError("nobody asked for this one")


def downgrade():
    raise AssertionError("nobody asked for this one")
'''
# What a command loaded, and which files of the history it opened.
COUNTED = """
import json, sys
opened = []
def note(event, arguments):
    if event == "open" and "versions" in str(arguments[0]):
        opened.append(str(arguments[0]))
sys.addaudithook(note)
from app import app
result = app.test_cli_runner().invoke(args=["db", *{arguments!r}])
assert result.exit_code == 0, result.output
print(json.dumps({{
    "modules": sorted({{name.partition(".")[0] for name in sys.modules}}),
    "rooms": sorted(name for name in sys.modules if name.startswith("flask_migrate.")),
    "opened": [path for path in opened if path.endswith(".py")],
}}))
"""


def write_history(versions, size, *, merge_every=0):
    """Write so many revisions; every so often the line branches, and merges again."""
    parents = None
    number = 0
    while number < size:
        names = [f"{number + more:012x}" for more in range(3)]
        if merge_every and number % merge_every == merge_every - 3:
            steps = [(names[0], parents), (names[1], parents), (names[2], (names[0], names[1]))]
        else:
            steps = [(names[0], parents)]
        for name, before in steps:
            (versions / f"{name}_.py").write_text(REVISION.format(name=name, parents=before))
        number += len(steps)
        parents = steps[-1][0]
    return parents


@pytest.fixture
def application(sqlite_project, monkeypatch):
    """An application with thirty revisions, of which its database has all."""
    sqlite_project.is_warm = False
    sqlite_project.models(USER)
    sqlite_project.db("init")
    write_history(sqlite_project.path / "migrations/versions", 30)
    sqlite_project.db("stamp")
    # What was written a moment ago would be doubted for a while.
    monkeypatch.setattr("flask_migrate.revisions.index._DOUBTFUL", 0)
    assert len(History(usual_layout(sqlite_project.path / "migrations")).sources) == 30
    return sqlite_project


def counted(application, *arguments):
    """Return what a command costs when it runs for the second time."""
    for _ in range(2):
        done = application.python_code(COUNTED.format(arguments=list(arguments)))
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("command", ["heads", "history", "branches", "show", "--help"])
def test_who_reads_the_history_loads_no_alembic_and_opens_no_revision(application, command):
    cost = counted(application, command)

    assert not {"alembic", "mako", "rich"}.intersection(cost["modules"])
    assert cost["opened"] == []


@pytest.mark.parametrize("command", ["current", "upgrade", "stamp"])
def test_who_asks_the_database_compares_nothing_and_opens_no_revision(application, command):
    cost = counted(application, command)

    rooms = ("flask_migrate.autogenerate", "flask_migrate.database.snapshots")
    assert [name for name in cost["rooms"] if name.startswith(rooms)] == []
    assert not {"pygments", "rich"}.intersection(cost["modules"])
    assert cost["opened"] == []


def test_an_upgrade_opens_only_what_runs(application):
    versions = application.path / "migrations/versions"
    runs = REVISION.replace("raise AssertionError", "print")
    (versions / "new_.py").write_text(runs.format(name="new", parents=f"{29:012x}"))
    application.db("heads")

    done = application.python_code(COUNTED.format(arguments=["upgrade"]))

    opened = json.loads(done.stdout.splitlines()[-1])["opened"]
    assert {path.rpartition("/")[2] for path in opened} == {"new_.py"}


def test_a_history_of_five_thousand_revisions_with_merges(tmp_path):
    versions = tmp_path / "versions"
    versions.mkdir()
    head = write_history(versions, 5000, merge_every=10)

    graph = History(usual_layout(tmp_path)).graph

    assert graph.heads == (head,)
    assert places(graph, "head") == (head,)
    listed = ranges.between(graph)
    assert len(listed) == len(graph.sources) >= 5000
    assert ranges.upgrade(graph, "head", ()) == listed[::-1]
    assert ranges.downgrade(graph, "base", (head,)) == listed
    assert ranges.upgrade(graph, "head", (listed[3],)) == listed[2::-1]
