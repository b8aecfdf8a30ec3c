"""The verbs as functions. Each needs an application context, and returns a result.

Alembic and the commands are imported when a verb is first called: importing this module,
in an application that only wants to be able to, costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flask import current_app

from flask_migrate.state import (
    current_directory,
    current_state,
    has_own_configuration,
    places_beside_app,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from flask_migrate.commands.workspace import Workspace
    from flask_migrate.revisions.history import History
    from flask_migrate.values.results import (
        BranchList,
        CheckReport,
        CurrentReport,
        EditReport,
        InitReport,
        RevisionList,
        RevisionReport,
        RunReport,
        TemplateList,
    )

    Arguments: TypeAlias = str | Iterable[str] | None
    Names: TypeAlias = str | Sequence[str] | None


def list_templates() -> TemplateList:
    """Return the templates that `init` can start a migrations directory from."""
    from flask_migrate.commands.list_templates import list_templates as command

    return command(_workspace(None).config)


def init(
    directory: str | None = None,
    multidb: bool = False,
    template: str | None = None,
    package: bool = False,
) -> InitReport:
    """Start a migrations directory from a template, completely or not at all.

    Args:
        directory: Where; None for that of the application.
        multidb: Whether the template for several databases is taken.
        template: The name of a template, or a path; None for "flask".
        package: Whether the directory, and its `versions`, become Python packages.

    Raises:
        DirectoryNotEmpty: The directory has something in it.
        FileNotWritten: It cannot be written.
        UnknownTemplate: There is no such template.
        InvalidDirectory: The template lacks a file.
    """
    from flask_migrate.commands.init import init as command

    return command(_workspace(directory), multidb=multidb, template=template, package=package)


def revision(
    directory: str | None = None,
    message: str | None = None,
    autogenerate: bool = False,
    sql: bool = False,
    head: str = "head",
    splice: bool = False,
    branch_label: Names = None,
    version_path: str | None = None,
    rev_id: str | None = None,
    depends_on: Names = None,
    *,
    x_arg: Arguments = None,
    allow_empty_models: bool = False,
    drop_unknown: bool = False,
) -> RevisionReport:
    """Write a new revision file.

    Args:
        directory: The migrations directory; None for that of the application.
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
        x_arg: One or more arguments for a custom `env.py`, as of ``-x``.
        allow_empty_models: Whether models without a table are taken to mean that every
            table goes.
        drop_unknown: Whether tables, views, functions and triggers go that the models lack and
            that no revision made; else they are named and left alone.

    Raises:
        NotUpToDate: `autogenerate`, and a database lacks revisions.
        MultipleHeads: `head` stands for several.
        EmptyModels: The models have no table, and a database has.
        InvalidRevisionId: `rev_id` cannot be used.
        DirectoryError: The file cannot be written.
    """
    from flask_migrate.commands.revision import revision as command

    opts = ["autogenerate"] if autogenerate else []
    return command(
        _workspace(directory, x_arg=x_arg, opts=opts),
        message=message,
        autogenerate=autogenerate,
        sql=sql,
        head=head,
        splice=splice,
        branch_label=branch_label,
        version_path=version_path,
        rev_id=rev_id,
        depends_on=depends_on,
        allow_empty_models=allow_empty_models,
        drop_unknown=drop_unknown,
    )


def migrate(
    directory: str | None = None,
    message: str | None = None,
    sql: bool = False,
    head: str = "head",
    splice: bool = False,
    branch_label: Names = None,
    version_path: str | None = None,
    rev_id: str | None = None,
    x_arg: Arguments = None,
    *,
    depends_on: Names = None,
    allow_empty_models: bool = False,
    drop_unknown: bool = False,
) -> RevisionReport:
    """Write a revision file that makes the databases equal to the models.

    If they are equal, nothing is written, and the result says why, as far as that
    can be told.

    Args:
        directory: The migrations directory; None for that of the application.
        message: What it is for; the beginning of its docstring and of its file's name.
        sql: Makes no sense here, and is refused.
        head: What it revises.
        splice: Whether `head` may be no head.
        branch_label: A label for its branch.
        version_path: In which of several directories it is written.
        rev_id: Its identifier; None for a new one.
        x_arg: One or more arguments for a custom `env.py`, as of ``-x``.
        depends_on: What must be applied before it, of other branches.
        allow_empty_models: Whether models without a table are taken to mean that every
            table goes.
        drop_unknown: Whether tables, views, functions and triggers go that the models lack and
            that no revision made; else they are named and left alone.

    Raises:
        NotUpToDate: A database lacks revisions.
        MultipleHeads: `head` stands for several.
        EmptyModels: The models have no table, and a database has.
        InvalidRevisionId: `rev_id` cannot be used.
        DirectoryError: The file cannot be written.
    """
    return revision(
        directory,
        message,
        True,
        sql,
        head,
        splice,
        branch_label,
        version_path,
        rev_id,
        depends_on,
        x_arg=x_arg,
        allow_empty_models=allow_empty_models,
        drop_unknown=drop_unknown,
    )


def edit(directory: str | None = None, revision: str = "current") -> EditReport:
    """Open revision files in the editor that $VISUAL or $EDITOR names.

    Args:
        directory: The migrations directory; None for that of the application.
        revision: Which; "current" for those that the database has.

    Raises:
        UnknownRevision: There is none.
        EditorFailed: The editor cannot be run, or failed.
    """
    from flask_migrate.commands.edit import edit as command

    return command(_workspace(directory), revision=revision)


def merge(
    directory: str | None = None,
    revisions: str | Sequence[str] = "",
    message: str | None = None,
    branch_label: Names = None,
    rev_id: str | None = None,
    splice: bool = False,
) -> RevisionReport:
    """Write a revision file that joins several revisions.

    Args:
        directory: The migrations directory; None for that of the application.
        revisions: What is joined; "heads" for all heads.
        message: What it is for.
        branch_label: A label for its branch.
        rev_id: Its identifier; None for a new one.
        splice: Whether what is joined may be no heads.

    Raises:
        UnknownRevision: There is no such revision.
        InvalidRevisionId: `rev_id` cannot be used.
        DirectoryError: The file cannot be written.
    """
    from flask_migrate.commands.merge import merge as command

    return command(
        _workspace(directory),
        revisions=revisions,
        message=message,
        branch_label=branch_label,
        rev_id=rev_id,
        splice=splice,
    )


def upgrade(
    directory: str | None = None,
    revision: str = "head",
    sql: bool = False,
    tag: str | None = None,
    x_arg: Arguments = None,
    *,
    output_dir: str | None = None,
    connection: Connection | None = None,
) -> RunReport:
    """Take each database up to a revision.

    Args:
        directory: The migrations directory; None for that of the application.
        revision: Where to; with `sql` it may be a range, "from:to".
        sql: Whether the statements are returned instead of run.
        tag: Anything, for a custom `env.py`.
        x_arg: One or more arguments for a custom `env.py`, as of ``-x``.
        output_dir: With `sql`, where to write one file a database; None for none.
        connection: What everything runs on, such as that of a database in memory; None for
            what `env.py` opens. A transaction that is open on it is left open.

    Raises:
        UnknownRevision: There is no such revision.
        MultipleHeads: "head" stands for several.
        DatabaseAhead: A database has a revision that no file has.
        RunFailed: A migration stopped with an error.
    """
    from flask_migrate.commands.upgrade import upgrade as command

    return command(
        _workspace(directory, x_arg=x_arg, connection=connection),
        revision=revision,
        sql=sql,
        tag=tag,
        output_dir=output_dir,
    )


def downgrade(
    directory: str | None = None,
    revision: str = "-1",
    sql: bool = False,
    tag: str | None = None,
    x_arg: Arguments = None,
    *,
    output_dir: str | None = None,
    connection: Connection | None = None,
) -> RunReport:
    """Take each database back to a revision.

    Args:
        directory: The migrations directory; None for that of the application.
        revision: Where to; with `sql` it must be a range, "from:to", or "-1": from head.
        sql: Whether the statements are returned instead of run.
        tag: Anything, for a custom `env.py`.
        x_arg: One or more arguments for a custom `env.py`, as of ``-x``.
        output_dir: With `sql`, where to write one file a database; None for none.
        connection: What everything runs on, such as that of a database in memory; None for
            what `env.py` opens. A transaction that is open on it is left open.

    Raises:
        UnknownRevision: There is no such revision.
        InvalidRange: `sql`, and no range is given.
        DatabaseAhead: A database has a revision that no file has.
        RunFailed: A migration stopped with an error.
    """
    from flask_migrate.commands.upgrade import downgrade as command

    return command(
        _workspace(directory, x_arg=x_arg, connection=connection),
        revision=str(revision),
        sql=sql,
        tag=tag,
        output_dir=output_dir,
    )


def show(directory: str | None = None, revision: str = "head") -> RevisionList:
    """Return a revision with everything that its file says.

    Args:
        directory: The migrations directory; None for that of the application.
        revision: An identifier, the beginning of one, a symbol such as "head", or
            "current" for those that the database has.

    Raises:
        UnknownRevision: There is none.
        MultipleHeads: "head" stands for several.
    """
    from flask_migrate.commands.show import show as command

    return command(_history(directory), revision=revision, applied=lambda: _applied(directory))


def history(
    directory: str | None = None,
    rev_range: str | None = None,
    verbose: bool = False,
    indicate_current: bool = False,
) -> RevisionList:
    """Return the revisions, the newest first.

    Args:
        directory: The migrations directory; None for that of the application.
        rev_range: "start:end", "start:" or ":end", where either may be "current"; None
            for all.
        verbose: Has no effect: the result has everything.
        indicate_current: Whether the database is asked which of them it has.

    Raises:
        InvalidRange: The range cannot be followed.
        UnknownRevision: An end of the range is not in the history.
    """
    from flask_migrate.commands.history import history as command

    return command(
        _history(directory),
        rev_range=rev_range,
        indicate_current=indicate_current,
        applied=lambda: _applied(directory),
    )


def heads(
    directory: str | None = None, verbose: bool = False, resolve_dependencies: bool = False
) -> RevisionList:
    """Return the newest revision of each branch.

    Args:
        directory: The migrations directory; None for that of the application.
        verbose: Has no effect: the result has everything.
        resolve_dependencies: Whether a revision that another one depends on is left out.

    Raises:
        HistoryError: The files do not make a history.
    """
    from flask_migrate.commands.heads import heads as command

    return command(_history(directory), resolve_dependencies=resolve_dependencies)


def branches(directory: str | None = None, verbose: bool = False) -> BranchList:
    """Return each revision that more than one other revises, the newest first.

    Args:
        directory: The migrations directory; None for that of the application.
        verbose: Has no effect: the result has everything.

    Raises:
        HistoryError: The files do not make a history.
    """
    from flask_migrate.commands.branches import branches as command

    return command(_history(directory))


def current(
    directory: str | None = None, verbose: bool = False, *, check_heads: bool = False
) -> CurrentReport:
    """Return which revisions each database has.

    Args:
        directory: The migrations directory; None for that of the application.
        verbose: Has no effect: the result has everything.
        check_heads: Whether it is an error if a database is not at the heads.

    Raises:
        NotAtHead: `check_heads`, and one is not.
        DatabaseError: A database cannot be reached.
    """
    from flask_migrate.commands.current import current as command

    return command(_workspace(directory), check_heads=check_heads)


def stamp(
    directory: str | None = None,
    revision: str | Sequence[str] = "head",
    sql: bool = False,
    tag: str | None = None,
    purge: bool = False,
    *,
    output_dir: str | None = None,
    connection: Connection | None = None,
) -> RunReport:
    """Make the version table say that a revision is applied, without running anything.

    Args:
        directory: The migrations directory; None for that of the application.
        revision: One or several; with `sql` each may be a range, "from:to".
        sql: Whether the statements are returned instead of run.
        tag: Anything, for a custom `env.py`.
        purge: Whether the version table is emptied first, whatever it says.
        output_dir: With `sql`, where to write one file a database; None for none.
        connection: What everything runs on, such as that of a database in memory; None for
            what `env.py` opens. A transaction that is open on it is left open.

    Raises:
        UnknownRevision: There is no such revision.
        DatabaseAhead: A database has a revision that no file has, and `purge` is not set.
    """
    from flask_migrate.commands.stamp import stamp as command

    return command(
        _workspace(directory, connection=connection),
        revision=revision,
        sql=sql,
        tag=tag,
        purge=purge,
        output_dir=output_dir,
    )


def check(directory: str | None = None) -> CheckReport:
    """Return a report without changes if models and databases are the same.

    Args:
        directory: The migrations directory; None for that of the application.

    Raises:
        ModelsDiffer: They are not; it has every difference.
        NotUpToDate: A database lacks revisions.
        DatabaseError: A database cannot be reached.
    """
    from flask_migrate.commands.check import check as command

    return command(_workspace(directory))


def ensure_version(directory: str | None = None, sql: bool = False) -> RunReport:
    """Create the version table in each database that lacks it.

    Args:
        directory: The migrations directory; None for that of the application.
        sql: Whether the statement is returned instead of run.

    Raises:
        DatabaseError: A database cannot be reached, or refuses.
    """
    from flask_migrate.commands.stamp import ensure_version as command

    return command(_workspace(directory), sql=sql)


def _history(directory: str | None) -> History:
    """Return the revisions, without Alembic if it has nothing to say about where they are."""
    from flask_migrate.revisions.history import History
    from flask_migrate.revisions.layout import usual_layout
    from flask_migrate.revisions.locate import require_directory

    place = current_directory(directory)
    layout = None if has_own_configuration(current_state().migrate) else usual_layout(place)
    if layout is None:
        return _workspace(directory).history
    require_directory(place, beside=places_beside_app())
    return History(layout)


def _applied(directory: str | None) -> tuple[str, ...]:
    from flask_migrate.commands.applied import applied_revisions

    return applied_revisions(_workspace(directory))


def _workspace(
    directory: str | None,
    *,
    x_arg: Arguments = None,
    opts: Iterable[str] = (),
    connection: Connection | None = None,
) -> Workspace:
    from flask_migrate.commands.workspace import Workspace, unknown_to_alembic
    from flask_migrate.settings import settings

    state = current_state()
    config = state.migrate.get_config(directory, x_arg=x_arg, opts=opts)
    if connection is not None:
        # Where env.py files that take a connection look for it.
        config.attributes["connection"] = connection
    return Workspace(
        config=config,
        database=state.db,
        configure_args=state.configure_args,
        beside=places_beside_app(),
        application=current_app.name,
        settings=settings(
            state.settings, current_app.config, others=unknown_to_alembic(state.configure_args)
        ),
        connection=connection,
    )
