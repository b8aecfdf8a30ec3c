"""Load the env.py of a migrations directory, whoever wrote it."""

import ast
import asyncio
import builtins
import io
import warnings
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from flask_migrate._alembic import forget_comparators


class SqlFile(io.StringIO):
    """A file for SQL that `env.py` opened, and that is not written where it said.

    Attributes:
        path: What it wanted to write.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


def run_env_file(path: Path, *, as_sql: bool) -> None:
    """Run an env.py.

    A call with an argument that is also in its ``**arguments`` is a `TypeError` in
    Python. Files that pass ``compare_type=True`` next to ``**configure_args`` have
    it, so the named argument wins there. Files from templates of Flask-Migrate call
    what Flask-SQLAlchemy and SQLAlchemy no longer have; they get what took its place.

    In SQL mode, the files for several databases that come from a template write
    one `.sql` file a database into the working directory, a hidden one for the
    default database. They are given a buffer, and the result has the SQL.

    Args:
        path: The file.
        as_sql: Whether the statements are only written.
    """
    source = path.read_bytes()
    tree = ast.parse(source, filename=str(path))
    spec = spec_from_file_location("env_py", path)
    assert spec is not None  # noqa: S101  (a path that ends in .py always has one)
    module = module_from_spec(spec)
    if as_sql:
        vars(module)["open"] = _open_sql_in_memory
    code = compile(_TodaysCalls().visit(tree), str(path), "exec", dont_inherit=True)
    try:
        with _event_loop() if b"get_event_loop" in source else nullcontext():
            exec(code, vars(module))  # noqa: S102  (running env.py is what it is for)
    finally:
        # The next command of this process runs the file again, and would compare twice.
        forget_comparators(vars(module))


def ends_transactions(path: Path) -> bool:
    """Return whether an env.py commits or rolls back by itself.

    What it does with the session of the application does not count.

    Args:
        path: The file.
    """
    tree = ast.parse(path.read_bytes(), filename=str(path))
    called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(
        isinstance(function, ast.Attribute)
        and function.attr in {"commit", "rollback"}
        and "session" not in ast.unparse(function.value)
        for function in called
    )


def _open_sql_in_memory(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
    if "w" in mode and isinstance(file, str) and file.endswith(".sql"):
        return SqlFile(file)
    return builtins.open(file, mode, *args, **kwargs)  # noqa: PTH123  (whatever env.py asks for)


@contextmanager
def _event_loop() -> Generator[None]:
    """Set an event loop for an env.py that asks for one, unless there is one.

    There is none in a thread other than the main one, none after `asyncio.run`, and
    none at all since Python 3.14.
    """
    if _has_event_loop():
        yield
        return
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _has_event_loop() -> bool:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        try:
            asyncio.get_event_loop()
        except RuntimeError:
            return False
    return True


class _TodaysCalls(ast.NodeTransformer):
    """Write calls that were right once, or that people expect to be right, as they are today.

    * ``configure(a=1, **b)`` becomes ``configure(**{**b, "a": 1})``.
    * ``get_engine(current_app, bind)`` of Flask-SQLAlchemy 2 becomes ``get_engine(bind)``.
    * ``connection._sync_connection()`` of SQLAlchemy 1.4 becomes ``connection.sync_connection``.
    """

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match _called_name(node):
            case "configure":
                _let_named_arguments_win(node)
            case "get_engine":
                _leave_application_out(node)
            case "_sync_connection" if isinstance(node.func, ast.Attribute):
                node.func.attr = "sync_connection"
                return node.func
        return node


def _let_named_arguments_win(call: ast.Call) -> None:
    named = [keyword for keyword in call.keywords if keyword.arg is not None]
    spread = [keyword for keyword in call.keywords if keyword.arg is None]
    if named and spread:
        merged = ast.Dict(
            keys=[*(None for _ in spread), *(ast.Constant(str(word.arg)) for word in named)],
            values=[keyword.value for keyword in [*spread, *named]],
        )
        call.keywords = [ast.keyword(arg=None, value=merged)]
        ast.fix_missing_locations(call)


def _leave_application_out(call: ast.Call) -> None:
    call.args = [one for one in call.args if not _is_application(one)]
    call.keywords = [
        one for one in call.keywords if one.arg != "app" or not _is_application(one.value)
    ]


def _is_application(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "current_app"


def _called_name(node: ast.Call) -> str | None:
    return getattr(node.func, "attr", getattr(node.func, "id", None))
