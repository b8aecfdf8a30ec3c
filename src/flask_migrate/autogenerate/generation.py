"""One comparison of models and databases: what `env.py` must pass for it, and what it found."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from flask_migrate._sqlalchemy import creation_of_view
from flask_migrate.autogenerate.fallback import (
    compare_by_text,
    no_scratch_place,
    not_judged,
)
from flask_migrate.autogenerate.made import Made
from flask_migrate.autogenerate.plugin import plugin_options
from flask_migrate.autogenerate.schemas import (
    create_missing_schemas,
    only_known_tables,
    only_schemas,
    schemas_left_out,
    schemas_of,
    table_left_alone,
    tables_of,
    without_our_tables,
)
from flask_migrate.database.lease import LEASE_TABLE
from flask_migrate.database.plain import DEFAULT
from flask_migrate.database.scratch.judged import NoScratchPlace
from flask_migrate.database.snapshots.read import can_be_read
from flask_migrate.database.urls import show_url
from flask_migrate.revisions.created import (
    TableName,
    code_declared_in,
    declared,
    schemas_created_in_by,
    sequences_created_by,
    tables_created_by,
    words_in,
    words_of,
)
from flask_migrate.values.results import Change
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Code, Name

if TYPE_CHECKING:
    from flask_migrate.autogenerate.both_ways import BothWays
    from flask_migrate.autogenerate.explain import Compared

Options = dict[str, Any]
Hook = Callable[[MigrationContext, Any, list[ops.MigrationScript]], None]


class Generation:
    """One comparison of models and databases.

    Args:
        database: What holds the engines and the metadata.
        places: Where the application's files are: the parent of its package, the package.
        directory: The migrations directory, absolute.
        revision_files: Every revision file.
        allow_empty_models: Whether models without a table may mean that every table goes.
        drop_unknown: Whether tables and code go that the models lack and that no revision made.
        explains: Whether somebody will ask why nothing was found.
    """

    def __init__(
        self,
        *,
        database: Any,
        places: Sequence[Path],
        directory: Path,
        revision_files: Sequence[Path],
        allow_empty_models: bool,
        drop_unknown: bool,
        explains: bool,
    ) -> None:
        self._database = database
        self._places = places
        self._directory = directory
        self._revision_files = revision_files
        self._allow_empty_models = allow_empty_models
        self._drop_unknown = drop_unknown
        self._explains = explains
        self._target = DEFAULT
        self._finished: list[ops.UpgradeOps] = []
        self._changes: list[Change] = []
        self._compared: list[Compared] = []
        self._own: list[MetaData] = []
        self._problems: dict[object, Problem] = {}
        self._ways_back: list[tuple[ops.UpgradeOps, BothWays]] = []

    @contextmanager
    def on(self, target: str, context: MigrationContext) -> Iterator[None]:
        """Say which database is compared inside, and see that it gets its models.

        Args:
            target: Its bind key, or "default".
            context: Alembic's view of it.
        """
        before, self._target = self._target, target
        self._give_models(context)
        try:
            yield
        finally:
            self._target = before

    def adjust(self, options: Options, connection: Connection | None) -> Options:
        """Return what `env.py` passes to `context.configure`, with what a comparison needs.

        Args:
            options: What it passes.
            connection: The database, or None if it passes none.
        """
        adjusted = dict(options)
        metadatas = _metadatas(options.get("target_metadata"))
        self._own += metadatas
        schemas = schemas_of(metadatas) | schemas_created_in_by(self._revision_files)
        if schemas and "include_schemas" not in options:
            adjusted["include_schemas"] = True
            adjusted["include_name"] = only_schemas(schemas, options.get("include_name"))
            adjusted["include_object"] = only_known_tables(
                is_ours=lambda table: table in self._created_tables,
                leave_alone=self._leave_alone,
                include_object=options.get("include_object"),
            )
        elif schemas and not options["include_schemas"]:
            self._problems["schemas-left-out"] = schemas_left_out(schemas)
        adjusted["include_object"] = without_our_tables(
            options.get("version_table") or "alembic_version", adjusted.get("include_object")
        )
        if connection is not None and can_be_read(connection):
            adjusted |= plugin_options(self._compare, options.get("autogenerate_plugins"))
            adjusted.setdefault("compare_server_default", True)
            adjusted["render_item"] = _rendering(options.get("render_item"))
        adjusted["process_revision_directives"] = self._after(
            options.get("process_revision_directives")
        )
        return adjusted

    def finds_nothing(self, scripts: Sequence[ops.MigrationScript]) -> bool:
        """Return whether there is nothing to write."""
        return all(upgrade.is_empty() for script in scripts for upgrade in script.upgrade_ops_list)

    def changes(self) -> tuple[Change, ...]:
        """Return every difference that was found."""
        return tuple(self._changes)

    def problems(self) -> tuple[Problem, ...]:
        """Return what a person should know besides the differences."""
        return tuple(self._problems.values())

    def reasons(self) -> tuple[Problem, ...]:
        """Return why nothing was found, as far as that can be told."""
        from flask_migrate.autogenerate.explain import (  # noqa: PLC0415
            explain_nothing,
            left_out_binds,
            other_metadata,
        )
        from flask_migrate.autogenerate.unimported import find_unimported_models  # noqa: PLC0415

        own = [*self._own, *(getattr(self._database, "metadatas", None) or {}).values()]
        return tuple(
            explain_nothing(
                self._compared,
                unimported=find_unimported_models(self._places[-1]),
                elsewhere=other_metadata(own),
                left_out_binds=tuple(
                    left_out_binds(self._database, (one.target for one in self._compared))
                ),
            )
        )

    @cached_property
    def _created_sequences(self) -> frozenset[str]:
        return sequences_created_by(self._revision_files)

    @cached_property
    def _declared_code(self) -> frozenset[str]:
        return code_declared_in(self._revision_files)

    @cached_property
    def _words(self) -> frozenset[str]:
        return words_in(self._revision_files)

    def _is_spoken_of(self, code: Code) -> bool:
        return words_of(code.name.name) <= self._words

    @cached_property
    def _created_tables(self) -> frozenset[TableName]:
        return tables_created_by(self._revision_files)

    def _leave_alone(self, table: TableName) -> None:
        self._problems[table] = table_left_alone(table)

    def _give_models(self, context: MigrationContext) -> None:
        """Give a bind its models where `env.py` looked for them in vain.

        Until Flask-SQLAlchemy 3 one metadata had the tables of every bind, and `env.py`
        files of that time pick out those of one bind. Now the default metadata has none.
        """
        given = context.opts.get("target_metadata")
        if self._target == DEFAULT or any(one.tables for one in _metadatas(given)):
            return
        own = (getattr(self._database, "metadatas", None) or {}).get(self._target)
        if own is not None and own.tables:
            context.opts["target_metadata"] = own

    def _after(self, hook: Hook | None) -> Hook:
        """Return a hook that does our part after that of the application."""

        def both(context: MigrationContext, revision: Any, scripts: list[Any]) -> None:
            for script in scripts:
                for pair in zip(script.upgrade_ops_list, script.downgrade_ops_list, strict=True):
                    self._write_way_back(*pair)
            if hook is not None:
                _call(hook, context, revision, scripts)
            if self._explains and self.finds_nothing(scripts):
                self._note(context, revision)
            for script in scripts:
                for pair in zip(script.upgrade_ops_list, script.downgrade_ops_list, strict=True):
                    self._finish(context, *pair)

        return both

    def _compare(
        self, context: AutogenContext, upgrade: ops.UpgradeOps, schemas: set[str | None]
    ) -> None:
        # Most commands move a database, and compare nothing.
        from flask_migrate.autogenerate.comparison import Comparison  # noqa: PLC0415

        comparison = Comparison(
            context=context,
            schemas=schemas,
            is_left_alone=self._is_left_alone,
            has_made_sequence=self._has_made_sequence,
            made=Made(
                is_declared=lambda code: declared(code) in self._declared_code,
                is_spoken_of=self._is_spoken_of,
                drop_unknown=self._drop_unknown,
            ),
            directory=self._directory,
        )
        try:
            both = comparison.run()
        except NoScratchPlace as reason:
            self._problems["no-scratch-place"] = no_scratch_place(str(reason))
            self._problems |= {(one.code, one.message): one for one in comparison.not_compared()}
            compare_by_text(context, upgrade, schemas)
            return
        if both is not None:
            self._take(context, upgrade, schemas, both)

    def _take(
        self,
        context: AutogenContext,
        upgrade: ops.UpgradeOps,
        schemas: set[str | None],
        both: "BothWays",
    ) -> None:
        """Take what settles the differences, and have the rest compared by text."""
        upgrade.ops += both.upgrade
        self._ways_back.append((upgrade, both))
        self._problems |= {(one.code, one.message): one for one in both.problems}
        if both.failed:
            self._problems |= {name: not_judged(name, why) for name, why in both.failed.items()}
            names = {(name.schema or None, name.name) for name in both.failed}
            compare_by_text(
                context, upgrade, schemas, concerns=lambda schema, name: (schema, name) in names
            )

    def _has_made_sequence(self, sequence: Name) -> bool:
        return sequence.name in self._created_sequences

    def _is_left_alone(self, table: Name) -> bool:
        name = (table.schema or None, table.name)
        if self._drop_unknown or name in self._created_tables:
            return False
        self._leave_alone(name)
        return True

    def _write_way_back(self, upgrade: ops.UpgradeOps, downgrade: ops.DowngradeOps) -> None:
        """Put our way back in place of what Alembic has turned round of our operations.

        What others have put before ours has its way back after it.
        """
        for known, both in self._ways_back:
            if known is upgrade:
                is_ours = [one in both.upgrade for one in upgrade.ops]
                start = is_ours.index(True) if any(is_ours) else 0
                first, last = upgrade.ops[:start], upgrade.ops[start:]
                downgrade.ops[:] = [
                    *(one.reverse() for one in reversed(last) if one not in both.upgrade),
                    *both.downgrade,
                    *(one.reverse() for one in reversed(first)),
                ]
        self._ways_back = [one for one in self._ways_back if one[0] is not upgrade]

    def _note(self, context: MigrationContext, revision: Any) -> None:
        """Remember what was compared, for the case that it was for nothing."""
        from flask_migrate.autogenerate.explain import Compared  # noqa: PLC0415

        connection = context.connection
        assert connection is not None  # noqa: S101  (nothing is compared without one)
        models = _metadatas(context.opts["target_metadata"])
        tables = tables_of(connection, schemas=schemas_of(models))
        self._compared.append(
            Compared(
                target=self._target,
                url=show_url(connection.engine.url),
                models=tuple(sorted(_tables_in(models))),
                tables=tuple(sorted(tables - {context.version_table, LEASE_TABLE})),
                applied=tuple(revision),
            )
        )

    def _finish(
        self, context: MigrationContext, upgrade: ops.UpgradeOps, downgrade: ops.DowngradeOps
    ) -> None:
        is_new = not any(upgrade is finished for finished in self._finished)
        self._finished.append(upgrade)
        if not is_new or not (upgrade.ops or downgrade.ops):
            return
        # All that tells of changes is loaded where there are any.
        from flask_migrate.autogenerate.finish import (  # noqa: PLC0415
            finish,
            refuse_dropping_everything,
        )

        models = _metadatas(context.opts["target_metadata"])
        if not self._allow_empty_models and not any(_tables_in(models)):
            refuse_dropping_everything(upgrade, self._target)
        assert context.connection is not None  # noqa: S101  (nothing is compared without one)
        if "no-scratch-place" in self._problems:
            create_missing_schemas(context.connection, upgrade=upgrade, downgrade=downgrade)
        finished = finish(context, upgrade, downgrade, target=self._target)
        self._changes += finished.changes
        self._problems |= {(one.code, one.message): one for one in finished.problems}


def _call(hook: Hook, context: MigrationContext, revision: Any, scripts: list[Any]) -> None:
    """Call a hook; if it empties the list, empty what was found here and keep the script.

    Hooks empty it to say that nothing is to be written, which the end of the run
    decides; the script is still needed for the next database.
    """
    given = list(scripts)
    hook(context, revision, given)
    if given:
        scripts[:] = given
    else:
        scripts[-1].upgrade_ops_list[-1].ops.clear()
        scripts[-1].downgrade_ops_list[-1].ops.clear()


def _rendering(render_item: Any) -> Callable[..., Any]:
    """Return the function that Alembic asks before it writes a part of an operation."""

    def render(kind: str, item: Any, context: AutogenContext) -> Any:
        from flask_migrate.autogenerate.rendering import render_items  # noqa: PLC0415

        return render_items(render_item)(kind, item, context)

    return render


def _metadatas(given: Any) -> list[MetaData]:
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple, set)) else [given]


def _tables_in(metadatas: Iterable[MetaData]) -> Iterator[str]:
    """Yield the tables of the models; a view of SQLAlchemy 2.1 is none."""
    for metadata in metadatas:
        for name, table in metadata.tables.items():
            if creation_of_view(table) is None:
                yield name
