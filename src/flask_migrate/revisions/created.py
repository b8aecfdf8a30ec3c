"""What the revisions made, read from their source."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from flask_migrate.values.schema import Code

TableName: TypeAlias = tuple[str | None, str]
_SEQUENCE = re.compile(
    r"""CREATE\ SEQUENCE\ (?:IF\ NOT\ EXISTS\ )?(?:[\w."]*\.)?"?(\w+)|Sequence\(['"]([^'"]+)['"]""",
    re.VERBOSE,
)
_DECLARED = re.compile(r"^\s*# (The models declare the .+\.)$", re.MULTILINE)
_CREATING = {"create_table": 0, "rename_table": 1}  # and which argument is the new name


def tables_created_by(paths: Iterable[Path]) -> frozenset[TableName]:
    """Return each table, with its schema, that a revision creates or renames something to.

    Args:
        paths: Revision files. One that cannot be parsed makes nothing.
    """
    return frozenset(name for path in paths for name in _created_in(path))


def schemas_created_in_by(paths: Iterable[Path]) -> frozenset[str]:
    """Return each schema that a revision creates a table in.

    Args:
        paths: Revision files. One that cannot be parsed makes nothing.
    """
    created = (name for path in paths for name in _created_in(path, mark=b"schema="))
    return frozenset(schema for schema, _ in created if schema)


def sequences_created_by(paths: Iterable[Path]) -> frozenset[str]:
    """Return the name of each sequence that a revision creates, without its schema.

    Args:
        paths: Revision files.
    """
    return frozenset(
        name for path in paths for found in _SEQUENCE.findall(_source(path)) for name in found
    ) - {""}


def declared(code: Code) -> str:
    """Return the comment above a statement that makes what models declare.

    Without it, nothing tells such a statement from one that somebody wrote who has never
    declared anything, and whose views are not ours to drop.
    """
    return f"The models declare the {' '.join(str(code).splitlines())}."


def code_declared_in(paths: Iterable[Path]) -> frozenset[str]:
    """Return the comments of all code that revisions make because models declared it.

    Args:
        paths: Revision files.
    """
    return frozenset(found for path in paths for found in _DECLARED.findall(_source(path)))


def words_in(paths: Iterable[Path]) -> frozenset[str]:
    """Return every word of revisions, in small letters.

    Args:
        paths: Revision files.
    """
    return frozenset(word for path in paths for word in words_of(_source(path)))


def words_of(text: str) -> frozenset[str]:
    """Return every word of a text, in small letters."""
    return frozenset(re.findall(r"\w+", text.lower()))


def _source(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _created_in(path: Path, *, mark: bytes = b"") -> Iterator[TableName]:
    try:
        source = path.read_bytes()
        tree = ast.parse(source if mark in source else b"")
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            position = _CREATING.get(node.func.attr)
            if position is not None and len(node.args) > position:
                name = _text(node.args[position])
                schema = next((word.value for word in node.keywords if word.arg == "schema"), None)
                if name is not None:
                    yield (_text(schema), name)


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
