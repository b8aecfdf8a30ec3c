"""Read what a revision file says about itself, without running it."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

_IDENTIFIERS = ("revision", "down_revision", "branch_labels", "depends_on")
_SALVAGED = re.compile(
    rb"^(revision|down_revision|branch_labels|depends_on)\s*(?::[^=\n]*)?=(.*)$", re.MULTILINE
)
_CREATE_DATE = re.compile(r"^Create Date: (.+)$", re.MULTILINE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Names: TypeAlias = tuple[str, ...] | str | None


class RevisionSource(NamedTuple):
    """What the source of a revision file says.

    Attributes:
        path: The file.
        revision: Its identifier, or None if the source does not tell.
        down_revision: What it revises, as it is written.
        branch_labels: The labels it gives its branch, as they are written.
        depends_on: What must be applied before it, as it is written.
        doc: Its docstring, or None.
        is_static: Everything above was written as literals, so running the file
            would give the same.
        fault: Why Python cannot run the file, naming the line; None if it can be tried.
        acts: It may do something to a database as soon as it is loaded, and not only when
            one of its functions is called.
    """

    path: str
    revision: str | None = None
    down_revision: Names = None
    branch_labels: Names = None
    depends_on: Names = None
    doc: str | None = None
    is_static: bool = True
    fault: str | None = None
    acts: bool = False


def read_source(path: Path) -> RevisionSource:
    """Return what the source of a revision file says, whatever state it is in.

    A file that Python cannot parse still tells its identifiers if they stand on
    lines of their own, so that the rest of the history keeps its shape.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        return RevisionSource(path=str(path), fault=f"cannot be read: {error.strerror}")
    if not content.strip():
        return RevisionSource(path=str(path), fault="is empty")
    try:
        tree = ast.parse(content, filename=str(path))
    except (SyntaxError, ValueError) as error:
        return _salvage(path, content, describe_syntax_error(error))
    return _read_tree(path, tree)


def as_tuple(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return identifiers as a tuple, however they were written."""
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)


def describe_syntax_error(error: SyntaxError | ValueError) -> str:
    """Return why source cannot be parsed, with the line where that is known."""
    line = getattr(error, "lineno", None)
    reason = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"line {line}: {reason}" if line else reason


def creation_date(doc: str) -> str | None:
    """Return the date that the docstring of a revision file names, as it is written."""
    found = _CREATE_DATE.search(doc)
    return found.group(1).strip() if found else None


def _read_tree(path: Path, tree: ast.Module) -> RevisionSource:
    found: dict[str, object] = {}
    is_static = True
    for name, value in _bindings(tree):
        is_static = is_static and name not in found and value is not None
        try:
            found[name] = ast.literal_eval(value) if value else None
        except ValueError:
            is_static = False
    names = {name: _names(value) for name, value in found.items()}
    revision = found.get("revision")
    return RevisionSource(
        path=str(path),
        revision=revision if isinstance(revision, str) else None,
        down_revision=names.get("down_revision"),
        branch_labels=names.get("branch_labels"),
        depends_on=names.get("depends_on"),
        doc=ast.get_docstring(tree, clean=False),
        is_static=is_static and isinstance(revision, str),
        acts=_acts(tree),
    )


def _acts(tree: ast.Module) -> bool:
    """Return whether something outside of functions names what Alembic gives to revisions."""
    given = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "alembic"
        for alias in node.names
    }
    outside = [node for node in tree.body if not isinstance(node, _DEFINITIONS)]
    return any(
        isinstance(inner, ast.Name) and inner.id in given
        for node in outside
        for inner in ast.walk(node)
    )


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield each identifier that the module binds, with its expression if it is a plain one."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from ((name, node.value) for name in _target_names(node.targets))
        elif isinstance(node, ast.AnnAssign):
            yield from ((name, node.value) for name in _target_names([node.target]))
        elif isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.AugAssign)):
            yield from ((name, None) for name in _stored_names(node))
        elif isinstance(node, ast.ImportFrom):
            imported = {alias.asname or alias.name for alias in node.names}
            yield from ((name, None) for name in _IDENTIFIERS if imported & {name, "*"})


def _target_names(targets: Iterable[ast.expr]) -> Iterator[str]:
    for target in targets:
        if isinstance(target, ast.Name) and target.id in _IDENTIFIERS:
            yield target.id


def _stored_names(node: ast.stmt) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield from _target_names([inner])


def _names(value: object) -> Names:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(str(name) for name in value)
    return str(value)


def _salvage(path: Path, content: bytes, fault: str) -> RevisionSource:
    found: dict[str, object] = {}
    for match in _SALVAGED.finditer(content):
        with suppress(SyntaxError, ValueError):
            found[match[1].decode()] = ast.literal_eval(match[2].decode().strip())
    revision = found.get("revision")
    return RevisionSource(
        path=str(path),
        revision=revision if isinstance(revision, str) else None,
        down_revision=_names(found.get("down_revision")),
        branch_labels=_names(found.get("branch_labels")),
        depends_on=_names(found.get("depends_on")),
        is_static=False,
        fault=fault,
    )
