"""Compare the models with every database that env.py configures."""

import gc
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.autogenerate import RevisionContext

from flask_migrate.autogenerate.generation import Generation
from flask_migrate.commands.workspace import Workspace
from flask_migrate.errors import NotUpToDate
from flask_migrate.execution.move import Step
from flask_migrate.execution.target import Target
from flask_migrate.revisions.graph.ranges import upgrade

_NAMED = 10  # pending revisions; a person who sees more than that is helped by their number


def generation_of(
    workspace: Workspace,
    *,
    allow_empty_models: bool,
    drop_unknown: bool = False,
    explains: bool = False,
) -> Generation:
    """Return a comparison of the models and the databases of an application.

    Args:
        workspace: The application.
        allow_empty_models: Whether models without a table may mean that every table goes.
        drop_unknown: Whether tables go that the models lack and that no revision made.
        explains: Whether somebody will ask why nothing was found.
    """
    return Generation(
        database=workspace.database,
        places=workspace.beside,
        directory=workspace.directory.absolute(),
        revision_files=tuple(Path(source.path) for source in workspace.history.sources),
        allow_empty_models=allow_empty_models,
        drop_unknown=drop_unknown,
        explains=explains,
    )


def compare(
    workspace: Workspace,
    context: RevisionContext,
    generation: Generation,
    *,
    also: Callable[[Target], None] = lambda _: None,
) -> None:
    """Compare the models with each database; context and generation have what was found.

    Args:
        workspace: The application.
        context: Alembic's view of the revision that would be written.
        generation: Ours.
        also: What else must hold for a database; it raises if it does not.

    Raises:
        DatabaseAhead: A database has a revision that no file has.
        NotUpToDate: A database lacks revisions; the message names them.
    """

    def work(target: Target) -> Iterator[Step]:
        _require_up_to_date(workspace, target)
        also(target)
        with generation.on(target.name, target.context), _uncollected():
            context.run_autogenerate(target.applied, target.context)
        return iter(())

    workspace.run(
        "compare models and database",
        work,
        adjust=generation.adjust,
        template_args=context.template_args,
        revision_context=context,
    )


@contextmanager
def _uncollected() -> Generator[None]:
    """Keep the garbage collector from going through all models time and again.

    A comparison makes many values at once, and hardly any of them is in a cycle.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _require_up_to_date(workspace: Workspace, target: Target) -> None:
    workspace.require_known(target)
    graph = workspace.history.graph
    if set(target.applied) == set(graph.effective_heads):
        return
    lacking = workspace.entries(upgrade(graph, "heads", target.applied))
    pending = [f"{entry.revision} ({entry.message})" for entry in lacking]
    more = f" and {len(pending) - _NAMED} more" if len(pending) > _NAMED else ""
    place = "" if target.name == "default" else f" Database {target.name!r}:"
    raise NotUpToDate(
        f"Target database is not up to date.{place} {len(pending)} pending: "
        f"{', '.join(pending[:_NAMED])}{more}.",
        hint="Apply them first: flask db upgrade",
    )
