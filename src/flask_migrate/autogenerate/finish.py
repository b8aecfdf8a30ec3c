"""What becomes of operations when everybody has had a say: put in order, and told."""

from dataclasses import dataclass

from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

from flask_migrate.autogenerate.describe import describe_all
from flask_migrate.autogenerate.dropped import without_indexes_of_dropped_tables
from flask_migrate.autogenerate.native import lift_native_operations
from flask_migrate.autogenerate.operations import remarks_of
from flask_migrate.autogenerate.write.remarks import VALUES_LOST
from flask_migrate.database.plain import DEFAULT
from flask_migrate.errors import EmptyModels
from flask_migrate.values.options import WHERE_NEEDED
from flask_migrate.values.results import Change
from flask_migrate.values.revision import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What is told of operations.

    Attributes:
        changes: What they do.
        problems: What a person should know of them.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def finish(
    context: MigrationContext,
    upgrade: ops.UpgradeOps,
    downgrade: ops.DowngradeOps,
    *,
    target: str,
) -> Finished:
    """Put the operations of both ways as they are to be written, and return what is told of them.

    Args:
        context: Alembic's view of the database.
        upgrade: One way.
        downgrade: The other way.
        target: The bind key of the database, or "default".
    """
    for both in (upgrade, downgrade):
        both.ops[:] = without_indexes_of_dropped_tables(both.ops)
    finished = Finished(
        changes=tuple(describe_all(upgrade.ops, target=target)),
        problems=tuple(one for one in remarks_of(upgrade.ops) if one.code != VALUES_LOST),
    )
    if context.opts["render_as_batch"] is WHERE_NEEDED:
        upgrade.ops[:] = lift_native_operations(upgrade.ops)
        downgrade.ops[:] = lift_native_operations(downgrade.ops)
    return finished


def refuse_dropping_everything(upgrade: ops.UpgradeOps, target: str) -> None:
    """See that models without a table do not make every table go.

    Args:
        upgrade: What was found.
        target: The bind key of the database, or "default".

    Raises:
        EmptyModels: They do.
    """
    tables = [one.table_name for one in upgrade.ops if isinstance(one, ops.DropTableOp)]
    if tables:
        place = "" if target == DEFAULT else f" of the bind {target!r}"
        raise EmptyModels(
            f"The metadata{place} has no table, so the migration would drop every table of the "
            f"database: {', '.join(sorted(tables))}.",
            hint="Import the modules that define the models. If every table is to go: flask db "
            "migrate --allow-empty-models",
        )
