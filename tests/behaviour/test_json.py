"""``--json`` and exit codes, of every command: 0 done, 1 the answer is no, 2 wrong usage."""

import json
import sys
from pathlib import Path

import pytest

REVISION = {
    "revision", "parents", "dependencies", "branch_labels", "children", "message", "description",
    "path", "is_head", "is_effective_head", "is_branch_point", "is_merge_point", "is_current",
}  # fmt: skip
TARGET_RUN = {"target", "url", "before", "after", "steps", "sql"}
RUN = {"verb", "targets", "files", "problems"}
ERROR = {"code", "message", "hint"}

COMMANDS = (
    "list-templates", "init", "revision", "migrate", "edit", "merge", "upgrade", "downgrade",
    "show", "history", "heads", "branches", "current", "stamp", "check", "ensure-version",
)  # fmt: skip


def answer(application, *arguments, exit_code=0):
    """Run a command with --json and return what it answered."""
    done = application.run(*arguments, "--json", exit_code=exit_code)
    return json.loads(done.stdout)


def test_what_writes_files_answers_in_json(sqlite_application, monkeypatch):
    application = sqlite_application
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c pass")
    application.users()
    directory = application.path / "migrations"

    templates = answer(application, "list-templates")
    assert [set(one) for one in templates["templates"]] == [{"name", "description"}] * 4
    assert set(templates) == {"templates"}

    started = answer(application, "init", "-d", str(application.path / "other"))
    assert set(started) == {"directory", "created"}
    assert started["created"][0] == started["directory"] == str(application.path / "other")
    assert all(Path(path).exists() for path in started["created"])

    written = answer(application, "migrate", "-m", "create users", "--rev-id", "a1")
    assert set(written) == {"revisions", "changes", "reasons", "problems"}
    assert [set(one) for one in written["revisions"]] == [REVISION]
    assert written["changes"] == [
        {"target": "default", "kind": "create_table", "description": "add table users"}
    ]
    assert written["revisions"][0]["path"] == str(directory / "versions" / "a1_create_users.py")

    answer(application, "revision", "-m", "left", "--rev-id", "b2")
    answer(application, "revision", "-m", "right", "--rev-id", "c3", "--head", "a1", "--splice")
    merged = answer(application, "merge", "heads", "--rev-id", "d4")
    assert merged["revisions"][0]["parents"] == ["b2", "c3"]
    assert set(answer(application, "edit", "b2")) == {"revisions"}

    branching = answer(application, "branches")
    assert set(branching) == {"branches", "problems"}
    assert [set(one) for one in branching["branches"]] == [{"revision", "children"}]


def test_what_asks_or_changes_a_database_answers_in_json(application):
    application.users()
    answer(application, "migrate", "-m", "create users", "--rev-id", "a1")

    plan = answer(application, "upgrade", "--sql")
    assert set(plan) == RUN
    assert "CREATE TABLE users" in plan["targets"][0]["sql"]

    done = answer(application, "upgrade")
    assert set(done) == RUN
    assert [set(target) for target in done["targets"]] == [TARGET_RUN]
    (target,) = done["targets"]
    assert (target["target"], target["before"], target["after"]) == ("default", [], ["a1"])
    assert [set(step) for step in target["steps"]] == [
        {"revision", "direction", "message", "path", "seconds"}
    ]

    nothing = answer(application, "migrate")
    assert (nothing["revisions"], nothing["changes"], nothing["reasons"]) == ([], [], [])
    assert answer(application, "check") == {"changes": [], "problems": []}

    answer(application, "revision", "--rev-id", "b2")
    for command in ("history", "heads", "show"):
        listed = answer(application, command)
        assert set(listed) == {"revisions", "problems"}
        assert {frozenset(one) for one in listed["revisions"]} == {frozenset(REVISION)}
    marked = answer(application, "history", "-i")["revisions"]
    assert [one["revision"] for one in marked if one["is_current"]] == ["a1"]

    state = answer(application, "current")
    assert set(state) == {"targets", "problems"}
    assert [set(target) for target in state["targets"]] == [
        {"target", "url", "revisions", "unknown", "at_head"}
    ]
    behind = answer(application, "current", "--check-heads", exit_code=1)
    assert [target["at_head"] for target in behind["targets"]] == [False]

    stamped = answer(application, "stamp", "heads")
    assert (stamped["verb"], stamped["targets"][0]["after"]) == ("stamp", ["b2"])
    ensured = answer(application, "ensure-version")
    assert (set(ensured), ensured["verb"]) == (RUN, "ensure-version")
    assert answer(application, "downgrade", "base")["targets"][0]["after"] == []

    application.run("upgrade")
    application.users(name="orders")
    different = answer(application, "check", exit_code=1)
    assert different["changes"][0]["description"] == "add table orders"


def test_errors_are_json_too(sqlite_application):
    for command in set(COMMANDS) - {"list-templates", "init", "merge"}:
        arguments = [command, "-d", "nowhere", "--json"]
        done = sqlite_application.run(*arguments, exit_code=1)
        facts = json.loads(done.stdout)["error"]
        assert set(facts) == ERROR, command
        assert facts["code"] == "directory-not-found"
        assert f"Error: {facts['message']}\nHint: {facts['hint']}\n" == done.stderr


def test_a_run_that_stops_says_in_json_how_far_it_came(application):
    application.revision("a1", body="op.execute('SELECT 1')")
    application.revision("b2", "a1", body="op.execute('SELECT nonsense FROM nowhere')")
    failed = answer(application, "upgrade", exit_code=1)["error"]

    assert set(failed) == ERROR | {"report"}
    assert failed["code"] == "run-failed"
    (target,) = failed["report"]["targets"]
    kept = []
    if "alembic_version" in application.tables():
        kept = [revision for (revision,) in application.execute("SELECT * FROM alembic_version")]
    assert target["after"] == kept
    assert [step["revision"] for step in target["steps"]] == target["after"]


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_usage_is_2(sqlite_application, command):
    unknown = sqlite_application.run(command, "--colour", exit_code=2)
    assert "Error: No such option" in unknown.stderr
    assert "--colour" in unknown.stderr
    assert "Usage: " in unknown.stderr
    if command != "merge":
        sqlite_application.run(command, "one", "two", "three", exit_code=2)
    assert sqlite_application.run(command, "--help").stderr == ""
    assert sqlite_application.versions == []


def test_an_unknown_command_is_2(sqlite_application):
    done = sqlite_application.run("migarte", exit_code=2)

    assert "Error: No such command 'migarte'" in done.stderr
