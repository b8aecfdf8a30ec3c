"""Whether anybody else has a say in a comparison."""

from alembic.autogenerate.api import AutogenContext

from flask_migrate._alembic import comparing_modules


def are_asked(context: AutogenContext) -> bool:
    """Return whether somebody is to be asked of every table: nobody pays for it otherwise."""
    given = (context.opts.get("compare_type"), context.opts.get("compare_server_default"))
    return any(map(callable, given)) or any(
        next(comparing_modules(context, target), None) is not None for target in ("table", "column")
    )
