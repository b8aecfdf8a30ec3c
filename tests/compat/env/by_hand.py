"""Written by hand: each with habits that an environment of ours must live with."""

HEAD = """
from alembic import context
from flask import current_app

config = context.config
migrate = current_app.extensions["migrate"]
db = migrate.db
"""

# No offline branch at all, and the connection as the first argument.
NO_OFFLINE = f"""{HEAD}
with db.engine.connect() as connection:
    context.configure(connection, target_metadata=db.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""

CONNECTION_FROM_ATTRIBUTES = f"""{HEAD}
def run(connection):
    context.configure(connection=connection, target_metadata=db.metadatas[None])
    with context.begin_transaction():
        context.run_migrations()


given = config.attributes.get("connection", None)
if given is None:
    with db.engines[None].connect() as connection:
        run(connection)
else:
    run(given)
"""

TRANSACTION_PER_MIGRATION = f"""{HEAD}
with db.engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transaction_per_migration=True,
        **migrate.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
"""

# The predecessor: TypeError, got multiple values for keyword argument 'compare_type'.
NAMED_TWICE = f"""{HEAD}
with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        compare_type=True,
        compare_server_default=False,
        render_as_batch=False,
        **migrate.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
"""

KEYS_SET_AND_DELETED = f"""{HEAD}
arguments = migrate.configure_args
arguments["compare_server_default"] = False
arguments["user_module_prefix"] = None
arguments.setdefault("include_object", lambda *_: True)
del arguments["compare_type"]
assert arguments.get("render_as_batch") is not None, arguments
assert arguments.pop("no_such_key", None) is None
with db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=db.metadata, **arguments)
    with context.begin_transaction():
        context.run_migrations()
"""

# Old tools waited for their database in this way.
TRIES_AGAIN = f"""{HEAD}
import logging
import os
from pathlib import Path
import sqlalchemy as sa


class NotYet(Exception):
    pass


def online(attempt):
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata)
        if attempt == 0 and os.environ.get("FAILS") == "before":
            raise NotYet
        with context.begin_transaction():
            context.run_migrations()
        if attempt == 0 and os.environ.get("FAILS") == "after":
            raise NotYet


for attempt in range(3):
    try:
        online(attempt)
    except NotYet:
        continue
    break
"""

ASKS_FOR_HEADS = f"""{HEAD}
with db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=db.metadata)
    heads = context.get_context().get_current_heads()
    assert isinstance(heads, tuple), heads
    assert context.get_head_revision() in (None, *heads, "a1", "b2")
    with context.begin_transaction():
        context.run_migrations()
"""

# What a process does with the options of the command line.
OPTIONS = f"""{HEAD}
import json
import os

arguments = context.get_x_argument(as_dictionary=True)
seen = {{
    "autogenerate": getattr(config.cmd_opts, "autogenerate", False),
    "x": list(config.cmd_opts.x or []),
    "as_dictionary": arguments,
    "tag": context.get_tag_argument(),
    "offline": context.is_offline_mode(),
}}
with open(os.environ["SEEN"], "w") as file:
    json.dump(seen, file)
with db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=db.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""

# All of it by hand, with a rewriter and a callback after each revision.
REWRITES = f"""{HEAD}
from alembic.autogenerate import rewriter
from alembic.operations import ops

writer = rewriter.Rewriter()


@writer.rewrites(ops.CreateTableOp)
def comment(context, revision, op):
    op.columns.append(__import__("sqlalchemy").Column("added_by_rewriter", db.Integer))
    return op


with db.engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=db.metadata, process_revision_directives=writer
    )
    with context.begin_transaction():
        context.run_migrations()
"""

ON_VERSION_APPLY = f"""{HEAD}
applied = []


def note(*, ctx, step, heads, run_args, **kw):
    applied.append((step.up_revision_id, sorted(heads)))
    ctx.connection.exec_driver_sql("CREATE TABLE seen_%s (id INTEGER)" % len(applied))


with db.engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=db.metadata, on_version_apply=note
    )
    with context.begin_transaction():
        context.run_migrations()
"""

SWALLOWS = f"""{HEAD}
with db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=db.metadata)
    try:
        with context.begin_transaction():
            context.run_migrations()
    except Exception as error:
        print("never mind:", error)
"""

IMPORTS_THE_APPLICATION = """
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from alembic import context
from app import User, app, db

target_metadata = User.metadata
with app.app_context():
    engine = db.engine

with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
"""

WHOLE = {
    "no-offline": NO_OFFLINE,
    "connection-from-attributes": CONNECTION_FROM_ATTRIBUTES,
    "transaction-per-migration": TRANSACTION_PER_MIGRATION,
    "named-twice": NAMED_TWICE,
    "keys-set-and-deleted": KEYS_SET_AND_DELETED,
    "tries-again": TRIES_AGAIN,
    "asks-for-heads": ASKS_FOR_HEADS,
    "imports-the-application": IMPORTS_THE_APPLICATION,
}


def before_transaction(*statements):
    """Return an env.py that says something to the server before the transaction begins."""
    lines = "\n".join(f"    connection.exec_driver_sql({statement!r})" for statement in statements)
    return f"""{HEAD}
with db.engine.connect() as connection:
{lines}
    context.configure(connection=connection, target_metadata=db.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""


def configured(code, **options):
    """Return an env.py that runs some code and passes options to `context.configure`."""
    arguments = "".join(f"        {name}={value},\n" for name, value in options.items())
    return f"""{HEAD}
{code}
with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
{arguments}    )
    with context.begin_transaction():
        context.run_migrations()
"""
