"""What a person and a machine are shown, compared with golden files."""

import json

import pytest

from flask_migrate.cli.render import Style, show, show_error
from flask_migrate.errors import ModelsDiffer, RunFailed
from flask_migrate.values.results import (
    BranchList,
    Change,
    CheckReport,
    CurrentReport,
    InitReport,
    RevisionList,
    RevisionReport,
    RunReport,
    StepResult,
    TargetRun,
    TargetState,
    Template,
    TemplateList,
)
from flask_migrate.values.revision import BranchPoint, Problem, RevisionEntry


def entry(revision, **facts):
    defaults = {
        "parents": (),
        "dependencies": (),
        "branch_labels": (),
        "children": (),
        "message": f"message of {revision}",
        "description": f"message of {revision}\n\nRevision ID: {revision}",
        "path": f"/app/migrations/versions/{revision}.py",
        "is_head": False,
        "is_effective_head": False,
        "is_branch_point": False,
        "is_merge_point": False,
    }
    return RevisionEntry(revision=revision, **{**defaults, **facts})


BASE = entry("a1", children=("b1", "b2"), is_branch_point=True)
LEFT = entry("b1", parents=("a1",), children=("c1",), branch_labels=("left",))
RIGHT = entry("b2", parents=("a1",), dependencies=("x9",), is_head=True)
MERGED = entry(
    "c1",
    parents=("b1", "b2"),
    is_merge_point=True,
    is_head=True,
    is_effective_head=True,
    is_current=True,
)
PROBLEM = Problem(code="broken-revision", message="A file is broken.", hint="Mend it.")
STEP = StepResult(
    revision="a1", direction="upgrade", message="first", path="/app/a1.py", seconds=0.25
)
RUN = TargetRun(target="default", url="sqlite:///app.db", before=(), after=("a1",), steps=(STEP,))


def written(sql):
    return TargetRun(target=sql, url="sqlite://", before=(), after=(), steps=(), sql=f"{sql};\n\n")


RESULTS = {
    "templates": TemplateList(templates=(Template(name="flask", description="For one."),)),
    "init": InitReport(
        directory="/app/migrations",
        created=("/app/migrations", "/app/migrations/versions", "/app/migrations/env.py"),
    ),
    "revision": RevisionReport(revisions=(LEFT,)),
    "nothing": RevisionReport(revisions=(), reasons=(PROBLEM,)),
    "heads": RevisionList(revisions=(MERGED, RIGHT), problems=(PROBLEM,)),
    "branches": BranchList(branches=(BranchPoint(revision=BASE, children=(LEFT, RIGHT)),)),
    "current": CurrentReport(
        targets=(
            TargetState(
                target="default",
                url="sqlite:///app.db",
                revisions=(MERGED,),
                unknown=("z0",),
                at_head=False,
            ),
        )
    ),
    "run": RunReport(verb="upgrade", targets=(RUN,)),
    "sql": RunReport(verb="upgrade", targets=(written("SELECT 1"),)),
    "sql-of-two": RunReport(verb="upgrade", targets=(written("SELECT 1"), written("SELECT 2"))),
    "sql-files": RunReport(verb="upgrade", targets=(), files={"default": "/out/default.sql"}),
    "check": CheckReport(changes=()),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_told_to_a_person(name, golden, capsys):
    show(RESULTS[name], as_json=False)
    said = capsys.readouterr()

    golden(f"--- stdout\n{said.out}--- stderr\n{said.err}", f"render/{name}.txt")


@pytest.mark.parametrize("name", ["heads", "branches", "current"])
def test_a_result_is_told_at_length(name, golden, capsys):
    show(RESULTS[name], as_json=False, verbose=True)

    golden(capsys.readouterr().out, f"render/{name}-verbose.txt")


def test_a_history_is_told_with_parents_and_messages(golden, capsys):
    show(RevisionList(revisions=(MERGED, RIGHT, LEFT, BASE)), as_json=False, style=Style.HISTORY)

    golden(capsys.readouterr().out, "render/history.txt")


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_dumped_as_json(name, capsys):
    show(RESULTS[name], as_json=True)
    facts = json.loads(capsys.readouterr().out)

    assert set(facts) == set(type(RESULTS[name]).__dataclass_fields__)


DIFFER = ModelsDiffer(
    CheckReport(
        changes=(Change(target="default", kind="add_column", description="add column a.b Text"),)
    )
)
FAILED = RunFailed(
    "The upgrade stopped.", hint="Mend it.", report=RunReport(verb="upgrade", targets=(RUN,))
)


@pytest.mark.parametrize("error", [DIFFER, FAILED], ids=["differ", "failed"])
def test_an_error_is_a_sentence_with_a_remedy(error, golden, capsys):
    show_error(error, as_json=False)
    said = capsys.readouterr()

    assert said.out == ""
    golden(said.err, f"render/error-{error.code}.txt")


def test_the_answer_no_is_dumped_as_the_report(capsys):
    show_error(DIFFER, as_json=True)

    assert json.loads(capsys.readouterr().out)["changes"][0]["kind"] == "add_column"


def test_a_failure_is_dumped_with_what_was_done(capsys):
    show_error(FAILED, as_json=True)
    error = json.loads(capsys.readouterr().out)["error"]

    assert (error["code"], error["hint"]) == ("run-failed", "Mend it.")
    assert error["report"]["targets"][0]["steps"][0]["revision"] == "a1"
