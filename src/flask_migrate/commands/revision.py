"""Write new revisions: empty, generated or merging."""

from collections.abc import Iterator, Sequence
from typing import Any

from alembic.autogenerate import RevisionContext
from alembic.script import Script
from alembic.util import asbool
from alembic.util import rev_id as new_revision_id

from flask_migrate.autogenerate.generation import Generation
from flask_migrate.commands.workspace import Workspace
from flask_migrate.database.versions import version_length
from flask_migrate.errors import (
    CommandRefused,
    InvalidRevisionId,
    NotUpToDate,
    UnknownOption,
)
from flask_migrate.execution.environment import Step
from flask_migrate.execution.faults import several_heads
from flask_migrate.execution.target import Target
from flask_migrate.revisions.write import VERSION_COLUMN_LENGTH, verify_revision_id
from flask_migrate.values.results import RevisionReport

Name = str | Sequence[str] | None
_NAMED = 10  # pending revisions; a person who sees more than that is helped by their number


def revision(  # noqa: PLR0913  (one a command line option)
    workspace: Workspace,
    *,
    message: str | None = None,
    autogenerate: bool = False,
    sql: bool = False,
    head: str = "head",
    splice: bool = False,
    branch_label: Name = None,
    version_path: str | None = None,
    rev_id: str | None = None,
    depends_on: Name = None,
    allow_empty_models: bool = False,
) -> RevisionReport:
    """Write a new revision.

    Args:
        workspace: The application.
        message: What it is for; the beginning of its docstring and of its file's name.
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

    Raises:
        NotUpToDate: `autogenerate`, and a database lacks revisions.
        MultipleHeads: `head` stands for several.
        EmptyModels: The models have no table, and a database has.
        InvalidRevisionId: `rev_id` cannot be used.
        DirectoryError: The file cannot be written.
    """
    history = workspace.history
    history.require_every_file()
    if rev_id is not None:
        _verify_new_id(workspace, rev_id, longest=None if autogenerate else _longest(workspace))
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
    context = RevisionContext(workspace.config, history, arguments)
    if not autogenerate and not _runs_environment(workspace):
        if sql:
            raise UnknownOption(
                "--sql with revision makes sense only where revision_environment is set.",
                hint="For the SQL of a migration: flask db upgrade --sql",
            )
        return _written(workspace, context)
    if autogenerate and sql:
        raise UnknownOption(
            "Using --sql with --autogenerate does not make any sense.",
            hint="Generate the revision first, then: flask db upgrade --sql",
        )
    generation = workspace.generation(allow_empty_models=allow_empty_models, is_active=autogenerate)
    return _generate(workspace, context, generation)


def migrate(workspace: Workspace, **options: Any) -> RevisionReport:
    """Write a revision that makes the databases equal to the models.

    Args:
        workspace: The application.
        **options: As for `revision`.
    """
    return revision(workspace, autogenerate=True, **options)


def merge(
    workspace: Workspace,
    *,
    revisions: str | Sequence[str],
    message: str | None = None,
    branch_label: Name = None,
    rev_id: str | None = None,
    splice: bool = False,
) -> RevisionReport:
    """Write a revision that joins several.

    Args:
        workspace: The application.
        revisions: What is joined; "heads", or nothing, for all heads.
        message: What it is for.
        branch_label: A label for its branch.
        rev_id: Its identifier; None for a new one.
        splice: Whether what is joined may be no heads.

    Raises:
        UnknownRevision: There is no such revision.
        InvalidRevisionId: `rev_id` cannot be used.
        DirectoryError: The file cannot be written.
    """
    history = workspace.history
    history.require_every_file()
    if not revisions and len(history.get_heads()) < 2:  # noqa: PLR2004  (two make a merge)
        raise CommandRefused(
            "There are not several heads, so there is nothing to merge.",
            hint="Name the revisions to merge: flask db merge <revision> <revision>",
        )
    if rev_id is not None:
        _verify_new_id(workspace, rev_id, longest=_longest(workspace))
    template_arguments: dict[str, Any] = {"config": workspace.config}
    if _runs_environment(workspace):
        workspace.run("merge", _nothing, template_args=template_arguments)
    with workspace.explained():
        script = history.generate_revision(
            rev_id or new_revision_id(),
            message,
            head=_as_alembic(revisions or "heads"),
            branch_labels=_as_alembic(branch_label),
            splice=splice,
            refresh=True,
            **template_arguments,
        )
    return _report(workspace, [script])


def require_up_to_date(workspace: Workspace, target: Target) -> None:
    """Refuse to compare a database that lacks revisions.

    Raises:
        DatabaseAhead: It has a revision that no file has.
        NotUpToDate: It lacks revisions; the message names them.
    """
    workspace.require_known(target)
    history = workspace.history
    with workspace.explained():
        have = set(history.get_revisions(target.applied))
        want = set(history.get_revisions("heads"))
        if have == want:
            return
        lacking = [
            script
            for script in history.iterate_revisions("heads", target.applied, implicit_base=True)
            if script not in have
        ]
    pending = [f"{script.revision} ({script.doc})" for script in reversed(lacking)]
    more = f" and {len(pending) - _NAMED} more" if len(pending) > _NAMED else ""
    place = "" if target.name == "default" else f" Database {target.name!r}:"
    raise NotUpToDate(
        f"Target database is not up to date.{place} {len(pending)} pending: "
        f"{', '.join(pending[:_NAMED])}{more}.",
        hint="Apply them first: flask db upgrade",
    )


def _generate(
    workspace: Workspace, context: RevisionContext, generation: Generation
) -> RevisionReport:
    def work(target: Target) -> Iterator[Step]:
        if generation.is_active:
            require_up_to_date(workspace, target)
            _require_one_head(workspace, str(context.command_args["head"]))
            if rev_id := context.command_args["rev_id"]:
                verify_revision_id(rev_id, longest=version_length(target.context))
            with generation.on(target.name, target.context):
                context.run_autogenerate(target.applied, target.context)
        else:
            context.run_no_autogenerate(target.applied, target.context)
        return iter(())

    workspace.run(
        "compare models and database",
        work,
        adjust=generation.adjust,
        as_sql=bool(context.command_args["sql"]),
        template_args=context.template_args,
        revision_context=context,
    )
    if generation.is_active and generation.finds_nothing(context.generated_revisions):
        return RevisionReport(
            revisions=(),
            reasons=generation.reasons(),
            problems=(*workspace.history.problems, *generation.problems()),
        )
    return _written(workspace, context, generation)


def _written(
    workspace: Workspace, context: RevisionContext, generation: Generation | None = None
) -> RevisionReport:
    with workspace.explained():
        scripts = list(context.generate_scripts())
    return _report(workspace, scripts, generation)


def _report(
    workspace: Workspace, scripts: Sequence[Script | None], generation: Generation | None = None
) -> RevisionReport:
    return RevisionReport(
        revisions=workspace.entries([script for script in scripts if script is not None]),
        changes=generation.changes() if generation else (),
        problems=(*workspace.history.problems, *(generation.problems() if generation else ())),
    )


def _verify_new_id(workspace: Workspace, rev_id: str, *, longest: int | None) -> None:
    verify_revision_id(rev_id, longest=longest)
    if workspace.history.knows(rev_id):
        path = workspace.history.get_revision(rev_id).path
        raise InvalidRevisionId(
            f"The revision {rev_id!r} exists already: {path}.",
            hint="Choose another --rev-id, or leave it out and one is made.",
        )


def _require_one_head(workspace: Workspace, head: str) -> None:
    heads = workspace.history.get_heads()
    if head == "head" and len(heads) > 1:
        raise several_heads(workspace.history, heads)


def _runs_environment(workspace: Workspace) -> bool:
    return bool(asbool(workspace.config.get_main_option("revision_environment") or "false"))


def _longest(workspace: Workspace) -> int:
    """Return how long an identifier may be: a history with longer ones has a wider column."""
    return max([VERSION_COLUMN_LENGTH, *map(len, workspace.history.identifiers)])


def _as_alembic(names: Name) -> str | tuple[str, ...] | None:
    return names if names is None or isinstance(names, str) else tuple(names)


def _nothing(_: Target) -> Iterator[Step]:
    return iter(())
