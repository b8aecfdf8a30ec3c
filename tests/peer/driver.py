"""Run by either interpreter: all commands in one process, each on a newly loaded application.

Reads one request a line as JSON from standard input: a directory, variables, and steps. A step
is a list, what follows `flask db`; or a mapping, files to write by name. Writes what came of the
steps as JSON to a file, and then a line to standard output: an editor, or a careless env.py, may
print what it likes before.
"""

import importlib
import io
import json
import logging
import os
import sys
import warnings
from pathlib import Path

import sqlalchemy as sa


def main():
    """Answer requests until there are no more."""
    warnings.simplefilter("ignore")
    sys.path.insert(0, ".")
    sys.dont_write_bytecode = True
    terminal = sys.stdout
    # Alembic keeps the standard output that there was when it was imported, as a default.
    sys.stdout = printed = io.StringIO()
    for line in sys.stdin:
        request = json.loads(line)
        os.chdir(request["directory"])
        os.environ.update(request["variables"])
        said = [_step(step, printed) for step in request["steps"]]
        Path(request["answer"]).write_text(json.dumps(said), encoding="utf-8")
        print("\nanswered", file=terminal, flush=True)


def _step(step, printed):
    if isinstance(step, dict):
        for name, text in step.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        return None
    return _run(step, printed)


def _run(arguments, printed):
    printed.seek(0)
    printed.truncate()
    sys.modules.pop("app", None)
    importlib.invalidate_caches()
    app = importlib.import_module("app").app
    result = app.test_cli_runner().invoke(args=["db", *arguments])
    _let_go_of_streams()
    return {
        "exit_code": result.exit_code,
        "stdout": printed.getvalue() + result.stdout,
        "stderr": result.stderr,
        "exception": repr(result.exception),
        "databases": _databases(app),
    }


def _databases(app):
    with app.app_context():
        engines = app.extensions["sqlalchemy"].engines
        return {key or "": _database(engine) for key, engine in engines.items()}


def _database(engine):
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        tables = {name: _table(inspector, name) for name in sorted(inspector.get_table_names())}
        versions = []
        if "alembic_version" in tables:
            versions = connection.scalars(sa.text("SELECT version_num FROM alembic_version")).all()
    engine.dispose()
    return {"tables": tables, "versions": sorted(versions)}


def _table(inspector, name):
    columns = [
        f"{column['name']} {column['type']!r} {column['nullable']} {column['default']}"
        for column in inspector.get_columns(name)
    ]
    keys = [
        str(sorted(key.items(), key=str))
        for key in (
            inspector.get_pk_constraint(name),
            *inspector.get_foreign_keys(name),
            *inspector.get_unique_constraints(name),
            *inspector.get_indexes(name),
            *inspector.get_check_constraints(name),
        )
    ]
    return [*columns, *sorted(keys)]


def _let_go_of_streams():
    """Remove the handlers that write to what the runner has closed."""
    for logger in (logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)):
        logger.handlers.clear()


if __name__ == "__main__":
    main()
