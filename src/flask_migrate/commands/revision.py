"""Write a new revision: an empty one, or what makes the databases equal to the models."""

from collections.abc import Iterator

from alembic.autogenerate import RevisionContext

from flask_migrate.autogenerate.generation import Generation
from flask_migrate.autogenerate.message import message_of
from flask_migrate.commands.comparison import compare, generation_of
from flask_migrate.commands.new_file import (
    Names,
    longest_id,
    report_written,
    runs_environment,
    verify_new_id,
    verify_new_labels,
)
from flask_migrate.commands.workspace import Workspace
from flask_migrate.database.versions import version_length
from flask_migrate.errors import UnknownOption
from flask_migrate.execution.move import Step
from flask_migrate.execution.target import Target
from flask_migrate.revisions.graph.entries import several_heads
from flask_migrate.values.results import RevisionReport


def revision(  # noqa: PLR0913  (one a command line option)
    workspace: Workspace,
    *,
    message: str | None = None,
    autogenerate: bool = False,
    sql: bool = False,
    head: str = "head",
    splice: bool = False,
    branch_label: Names = None,
    version_path: str | None = None,
    rev_id: str | None = None,
    depends_on: Names = None,
    allow_empty_models: bool = False,
    drop_unknown: bool = False,
) -> RevisionReport:
    """Write a new revision.

    Args:
        workspace: The application.
        message: What it is for; the beginning of its docstring and of its file's name. With
            `autogenerate`, None for a few words on what it does.
        autogenerate: Whether it gets what makes the databases equal to the models. If
            they are equal, nothing is written.
        sql: As Alembic has it: only with `revision_environment`, the SQL of `env.py`.
        head: What it revises.
        splice: Whether `head` may be no head.
        branch_label: A label for its branch.
        version_path: In which of several directories it is written.
        rev_id: Its identifier; None for a new one.
        depends_on: What must be applied before it, of other branches.
        allow_empty_models: Whether models without a table are taken to mean that every
            table goes.
        drop_unknown: Whether tables and code go that the models lack and that no revision made.

    Raises:
        NotUpToDate: `autogenerate`, and a database lacks revisions.
        MultipleHeads: `head` stands for several.
        EmptyModels: The models have no table, and a database has.
        InvalidRevisionId: `rev_id` cannot be used.
        InvalidBranchLabel: `branch_label` cannot be used.
        DirectoryError: The file cannot be written, or somebody else writes one.
    """
    arguments = {
        "message": message,
        "autogenerate": autogenerate,
        "sql": sql,
        "head": head,
        "splice": splice,
        "branch_label": branch_label,
        "version_path": version_path,
        "rev_id": rev_id,
        "depends_on": depends_on,
    }
    with workspace.writing():
        workspace.history.require_every_file()
        verify_new_labels(workspace, branch_label)
        if rev_id is not None:
            longest = None if autogenerate else longest_id(workspace, rev_id)
            verify_new_id(workspace, rev_id, longest=longest)
        context = RevisionContext(workspace.config, workspace.scripts, arguments)
        if not autogenerate:
            return _write_empty(workspace, context)
        if sql:
            raise UnknownOption(
                "Using --sql with --autogenerate does not make any sense.",
                hint="Generate the revision first, then: flask db upgrade --sql",
            )
        generation = generation_of(
            workspace,
            allow_empty_models=allow_empty_models,
            drop_unknown=drop_unknown,
            explains=True,
        )
        return _write_generated(workspace, context, generation)


def _write_empty(workspace: Workspace, context: RevisionContext) -> RevisionReport:
    def work(target: Target) -> Iterator[Step]:
        context.run_no_autogenerate(target.applied, target.context)
        return iter(())

    as_sql = bool(context.command_args["sql"])
    if runs_environment(workspace):
        workspace.run(
            "write a revision",
            work,
            as_sql=as_sql,
            template_args=context.template_args,
            revision_context=context,
        )
    elif as_sql:
        raise UnknownOption(
            "--sql with revision makes sense only where revision_environment is set.",
            hint="For the SQL of a migration: flask db upgrade --sql",
        )
    return report_written(workspace, context.generate_scripts())


def _write_generated(
    workspace: Workspace, context: RevisionContext, generation: Generation
) -> RevisionReport:
    def may_be_written(target: Target) -> None:
        _require_one_head(workspace, str(context.command_args["head"]))
        if rev_id := context.command_args["rev_id"]:
            verify_new_id(workspace, rev_id, longest=version_length(target.context))

    compare(workspace, context, generation, also=may_be_written)
    if generation.finds_nothing(context.generated_revisions):
        return RevisionReport(
            revisions=(),
            reasons=generation.reasons(),
            problems=(*workspace.history.problems, *generation.problems()),
        )
    for script in context.generated_revisions:
        if script.message is None:
            every = (one for upgrade in script.upgrade_ops_list for one in upgrade.ops)
            script.message = message_of(every)
    return report_written(workspace, context.generate_scripts(), generation)


def _require_one_head(workspace: Workspace, head: str) -> None:
    graph = workspace.history.graph
    if head == "head" and len(graph.heads) > 1:
        raise several_heads(graph, graph.heads)
