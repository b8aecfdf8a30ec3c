"""Our comparison as a plugin of Alembic's autogenerate, in place of Alembic's own ones."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult

_NAME = "flask_migrate.autogenerate"
_REPLACED = (
    "~alembic.autogenerate.tables",
    "~alembic.autogenerate.types",
    "~alembic.autogenerate.constraints",
    "~alembic.autogenerate.defaults",
    "~alembic.autogenerate.comments",
    "~alembic.autogenerate.checkconstraint_byname",
    "~alembic.ext.checkconstraint_byname",
)
_ALEMBIC = ("alembic.autogenerate.*",)
_OPTION = "flask_migrate_compare"

Compare = Callable[[AutogenContext, ops.UpgradeOps, set[str | None]], None]


def plugin_options(compare: Compare, plugins: Sequence[str] | None) -> dict[str, Any]:
    """Return what to pass to `context.configure` so that a function compares.

    Args:
        compare: Gets Alembic's view of the comparison, the operations so far, and the
            schemas, None for the default one.
        plugins: What `env.py` passes for them; None for Alembic's own ones. Those of
            others stay.
    """
    return {
        "autogenerate_plugins": [*(plugins or _ALEMBIC), _NAME, *_REPLACED],
        _OPTION: compare,
    }


def setup(plugin: Plugin) -> None:
    """Register the comparison. Called once, when this module is imported.

    It comes first, as Alembic's own did when others wrote theirs, which look at what it found.
    """
    plugin.add_autogenerate_comparator(
        _compare, "schema", "tables", priority=DispatchPriority.FIRST
    )


def _compare(
    context: AutogenContext, upgrade: ops.UpgradeOps, schemas: set[str | None]
) -> PriorityDispatchResult:
    context.opts[_OPTION](context, upgrade, schemas)
    return PriorityDispatchResult.CONTINUE


Plugin.setup_plugin_from_module(sys.modules[__name__], _NAME)
