"""Find modules that define models and were never imported, without importing them."""

import ast
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MARKS = (b"__tablename__", b"Column(", b"mapped_column(", b".Model)", b"Base)", b"Model)")
_LEFT_OUT = frozenset(
    {"__pycache__", "node_modules", "site-packages", "migrations", "tests", "venv", "env", "build"}
)
_COLUMN_CALLS = frozenset({"Column", "mapped_column", "relationship"})
MOST_FILES = 5_000
"""Files that are looked at; a larger tree is not the package of one application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnimportedModels:
    """A file that defines models and was not imported.

    Attributes:
        path: The file.
        module: The name that it is imported by.
        classes: The models.
    """

    path: Path
    module: str
    classes: tuple[str, ...]


def find_unimported_models(root: Path) -> tuple[UnimportedModels, ...]:
    """Return each file below a directory that defines models and was not imported.

    Args:
        root: The directory of the application.
    """
    imported = {
        Path(file).resolve()
        for module in list(sys.modules.values())
        if (file := getattr(module, "__file__", None))
    }
    top = root.parent if (root / "__init__.py").exists() else root
    return tuple(
        UnimportedModels(path=path, module=_module_name(path, top=top), classes=classes)
        for path in _python_files(root)
        if path.resolve() not in imported and (classes := _models_in(path))
    )


def _python_files(root: Path) -> Iterator[Path]:
    seen = 0
    for place, directories, files in os.walk(root):
        directories[:] = sorted(
            name
            for name in directories
            if name not in _LEFT_OUT
            and not name.startswith(".")
            and not Path(place, name, "pyvenv.cfg").exists()
            and not Path(place, name, "env.py").exists()
        )
        for name in sorted(files):
            if name.endswith(".py"):
                seen += 1
                yield Path(place, name)
            if seen >= MOST_FILES:
                return


def _module_name(path: Path, *, top: Path) -> str:
    parts = path.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _models_in(path: Path) -> tuple[str, ...]:
    try:
        source = path.read_bytes()
        if not any(mark in source for mark in _MARKS):
            return ()
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError):
        return ()
    return tuple(
        node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _is_model(node)
    )


def _is_model(node: ast.ClassDef) -> bool:
    names = {target for statement in node.body for target in _assigned(statement)}
    if "__abstract__" in names or not node.bases:
        return False
    if names & {"__tablename__", "__table__"}:
        return True
    return any(_called(statement) in _COLUMN_CALLS for statement in node.body)


def _assigned(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.AnnAssign):
        targets: list[ast.expr] = [statement.target]
    else:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _called(statement: ast.stmt) -> str | None:
    value = getattr(statement, "value", None)
    if not isinstance(value, ast.Call):
        return None
    return getattr(value.func, "attr", getattr(value.func, "id", None))
