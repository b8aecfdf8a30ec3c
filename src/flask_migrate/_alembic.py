"""The only module that touches names that Alembic keeps private; each has a test.

Everything here is thin: it gives a private name of Alembic a public one of ours, so that a
change in Alembic is found, and mended, in one place.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import alembic.context
import alembic.op
from alembic.autogenerate import comparators, renderers
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _render_gen_name, _repr_type
from alembic.config import Config
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import HeadMaintainer, MigrationContext, RevisionStep, StampStep
from alembic.script import Script, ScriptDirectory, write_hooks
from alembic.util import CommandError, PriorityDispatcher
from sqlalchemy import Connection, String, Table, bindparam
from sqlalchemy.types import TypeEngine

OurOperations = TypeVar("OurOperations", bound=Operations)


def revision_steps(
    scripts: ScriptDirectory, revisions: Sequence[str], *, is_upgrade: bool
) -> list[RevisionStep]:
    """Return the steps that run, or undo, revisions in their order."""
    by_name = scripts.revision_map._revision_map if revisions else {}
    return [
        RevisionStep(scripts.revision_map, cast("Script", by_name[revision]), is_upgrade)
        for revision in revisions
    ]


def stamp_steps(
    scripts: ScriptDirectory, destinations: tuple[str, ...], applied: tuple[str, ...]
) -> list[StampStep]:
    """Return the steps that make the version table say that destinations are applied."""
    return scripts._stamp_revs(destinations, applied)


def create_version_table(context: MigrationContext, *, purge: bool = False) -> None:
    """Create the version table unless it exists, and empty it if `purge` says so."""
    context._ensure_version_table(purge=purge)


def has_version_table(context: MigrationContext) -> bool:
    """Return whether the version table exists."""
    return bool(context._has_version_table())


def begun_by_another(context: MigrationContext) -> bool:
    """Return whether a transaction was open when `env.py` configured a database."""
    return context._in_external_transaction


@contextmanager
def own_transaction(context: MigrationContext) -> Generator[None]:
    """Keep what runs inside in a transaction that Alembic knows, and may end itself.

    An ``autocommit_block`` in it commits what is before it, and begins another one. So does
    a revision that commits or rolls back by itself: what it runs after that is ended here too.
    """
    before = context._transaction
    context._transaction = cast("Connection", context.connection).begin()
    try:
        yield
    except BaseException:
        _end(context, "rollback")
        raise
    else:
        _end(context, "commit")
    finally:
        context._transaction = before


def _end(context: MigrationContext, verb: str) -> None:
    transaction = context._transaction
    connection = cast("Connection", context.connection)
    if transaction is not None and transaction.is_active:
        getattr(transaction, verb)()
    elif connection.in_transaction():
        getattr(connection, verb)()


def version_table(context: MigrationContext) -> Table:
    """Return the table that says which revisions are applied."""
    return context._version


class Heads(HeadMaintainer):
    """The revisions that a database has, and the version table that says so.

    Args:
        context: The database.
        heads: The revisions.
    """

    def __init__(self, context: MigrationContext, heads: Iterable[str]) -> None:
        super().__init__(context, tuple(heads))
        column = context._version.c.version_num
        # A value in the text of a statement makes of each revision one that has to be compiled.
        # Another type than Alembic's may want to see the value as it stands there.
        self._update = (
            context._version.update()
            .where(column == bindparam("from_", type_=String()))
            .values({column: bindparam("to_", type_=String())})
            if type(column.type) is String
            else None
        )

    def _update_version(self, from_: str, to_: str) -> None:
        if self._update is None:
            super()._update_version(from_, to_)
            return
        assert to_ not in self.heads  # noqa: S101  (a step goes somewhere else)
        self.heads.remove(from_)
        self.heads.add(to_)
        done = self.context.impl._exec(self._update, params={"from_": from_, "to_": to_})
        is_counted = done is not None and self.context.dialect.supports_sane_rowcount
        if done is not None and is_counted and done.rowcount != 1:
            raise CommandError(
                f"Online migration expected to match one row when updating '{from_}' to '{to_}' in "
                f"'{self.context.version_table}'; {done.rowcount} found"
            )


def version_directories(scripts: ScriptDirectory) -> list[Path]:
    """Return the directories that hold revision files, absolute."""
    return list(scripts._version_locations)


def serve_context_module(environment: type[EnvironmentContext]) -> None:
    """Let the module `alembic.context` speak for instances of a subclass too.

    Alembic looks up by exact class which modules an environment speaks through.
    """
    names = cast("MutableMapping[str, Any]", vars(alembic.context))
    served = environment._setups[environment][1]
    if not served:
        environment.create_module_class_proxy(names, names)


@contextmanager
def speaking_through_context(environment: EnvironmentContext) -> Generator[None]:
    """Let the module `alembic.context` speak for an environment.

    What another command in the same process had there comes back in the end.
    """
    before = vars(alembic.context).get("_proxy")
    try:
        with environment:
            yield
    finally:
        if before is not None:
            before._install_proxy()


def forget_comparators(namespace: dict[str, Any]) -> None:
    """Remove the comparators that a module registered with Alembic.

    Args:
        namespace: The variables of the module.
    """
    for registered in comparators._registry.values():
        registered[:] = [
            entry for entry in registered if getattr(entry[0], "__globals__", None) is not namespace
        ]


def comparing_modules(context: AutogenContext, target: str) -> Iterator[str]:
    """Yield the module of each comparator for a kind of object on the database compared.

    Args:
        context: The comparison.
        target: "schema", "table" or "column".
    """
    qualifiers = ("default", context.dialect.name)
    for (kind, qualifier, _), registered in context.comparators._registry.items():
        if kind == target and qualifier in qualifiers:
            yield from (str(getattr(one, "__module__", "")) for one, _ in registered)


def comparators_but(context: AutogenContext, target: str) -> PriorityDispatcher:
    """Return the comparators of a comparison without those for a kind of object.

    Args:
        context: The comparison.
        target: "schema", "table" or "column".
    """
    others = context.comparators.branch()
    for key in [one for one in others._registry if one[0] == target]:
        del others._registry[key]
    return others


def post_write_hook(
    type_: str, *, own: bool = False
) -> Callable[[str, dict[str, str]], Any] | None:
    """Return what is registered with Alembic for a type of post-write hooks, or None.

    Args:
        type_: What alembic.ini says.
        own: Only what somebody has put in the place of Alembic's.
    """
    found: Callable[[str, dict[str, str]], Any] | None = write_hooks._registry.get(type_)
    is_alembics = getattr(found, "__module__", None) == write_hooks.__name__
    return None if own and is_alembics else found


class LoadsRevisions(ScriptDirectory):
    """A script directory whose revisions and files come from us.

    Subclasses implement `load_scripts` and `write_script`.
    """

    def load_scripts(self) -> Iterable[Script]:
        """Return every revision; called once, when the first is asked for."""
        raise NotImplementedError

    def write_script(self, template: Path, path: Path, arguments: dict[str, Any]) -> None:
        """Write a revision file from its template."""
        raise NotImplementedError

    def _load_revisions(self) -> Any:
        return iter(self.load_scripts())

    def _generate_template(self, src: Path, dest: Path, **kw: Any) -> None:
        self.write_script(Path(src), Path(dest), kw)


def template_directory(config: Config) -> Path:
    """Return the directory that holds the templates of `init`."""
    return Path(config.get_template_directory())


@contextmanager
def speaking_through_op(operations: OurOperations) -> Generator[OurOperations]:
    """Let the module `alembic.op` speak for operations of a subclass.

    What another command in the same process had there comes back in the end.
    """
    names = cast("MutableMapping[str, Any]", vars(alembic.op))
    class_ = type(operations)
    if not class_._setups[class_][1]:
        class_.create_module_class_proxy(names, names)
    before = names.get("_proxy")
    operations._install_proxy()
    try:
        yield operations
    finally:
        operations._remove_proxy()
        if before is not None:
            before._install_proxy()


def is_in_batch(context: AutogenContext) -> bool:
    """Return whether the operations that are written just now are those of a batch."""
    return context._has_batch


def written_name(context: AutogenContext, name: Any) -> str:
    """Return the name of a constraint as it stands in a file."""
    return repr(_render_gen_name(context, name))


def written_by_alembic(context: AutogenContext, operation: Any, base: type) -> list[str]:
    """Return the lines of an operation as Alembic writes them for the class it is derived from."""
    lines = renderers.dispatch(base)(context, operation)
    return [lines] if isinstance(lines, str) else list(lines)


def written_type(context: AutogenContext, type_: TypeEngine[Any]) -> str:
    """Return a type as it stands in a file."""
    return _repr_type(type_, context)


def written_for_postgresql(context: AutogenContext, type_: TypeEngine[Any]) -> str:
    """Return a type of PostgreSQL as it stands in a file, whatever database is compared.

    Alembic asks the database that is compared how its types are written, and no other.
    """
    impl = PostgresqlImpl.__new__(PostgresqlImpl)
    return impl.render_type(type_, context) or f"postgresql.{type_!r}"


@contextmanager
def comparing_defaults(
    context: MigrationContext, differ: Callable[..., bool | None]
) -> Generator[None]:
    """Have defaults compared by a function inside, unless the application has one of its own.

    Args:
        context: Alembic's view of the comparison.
        differ: Takes what such a function of `env.py` takes.
    """
    before = context._user_compare_server_default
    if before is True:
        context._user_compare_server_default = differ
    try:
        yield
    finally:
        context._user_compare_server_default = before
