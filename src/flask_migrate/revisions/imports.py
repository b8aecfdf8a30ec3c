"""The imports of a revision file: those that it needs, in the order that linters want."""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator

_ALEMBIC = "from alembic import op\nimport sqlalchemy as sa\n"
_NAMES = frozenset({"op", "sa"})
_AFTER = re.compile(r"\n*(?=(?P<block>def |async def |class |@)?)")


def tidied(source: str, imports: str, *, is_own: Callable[[str], bool]) -> str:
    """Return a revision file without imports that nothing in it needs, the others sorted.

    Only those that Alembic's templates have, and what is put there while a script is
    generated: a template with other imports is somebody's own, and stays as it is. So does
    a file that nothing was generated into, since somebody is to write it by hand.

    Args:
        source: The file.
        imports: The lines that the template was given to import; "" for none.
        is_own: Whether a module is of the application, by its first name.
    """
    block = f"{_ALEMBIC}{imports}\n"
    before, found, after = source.partition(block)
    if not found:
        return source
    try:
        every = [*_imports(ast.parse(source))]
        ours = [*_imports(ast.parse(block))]
    except SyntaxError:
        return source
    used = set(_used(ast.parse(source)))
    if len(every) != len(ours) or not used & _NAMES:
        return source
    needed = ((one, alias) for one in ours for alias in one.names if _bound(alias) in used | {"*"})
    text = _written(needed, is_own)
    is_block = _AFTER.match(after)
    assert is_block is not None  # noqa: S101  (it matches nothing too)
    gap = "\n\n\n" if is_block["block"] else "\n\n"
    return f"{before}{text}{gap}{after[is_block.end() :]}"


def is_of_application(module: str) -> bool:
    """Return whether a module that is loaded was not installed, by its first name."""
    loaded = sys.modules.get(module)
    places = [getattr(loaded, "__file__", None), *getattr(loaded, "__path__", ())]
    found = [place for place in places if place]
    return bool(found) and not any(
        "site-packages" in place or "dist-packages" in place for place in found
    )


Import = ast.Import | ast.ImportFrom


def _imports(tree: ast.Module) -> Iterator[Import]:
    return (one for one in tree.body if isinstance(one, (ast.Import, ast.ImportFrom)))


def _used(tree: ast.Module) -> Iterator[str]:
    return (one.id for one in ast.walk(tree) if isinstance(one, ast.Name))


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _written(needed: Iterable[tuple[Import, ast.alias]], is_own: Callable[[str], bool]) -> str:
    sections: dict[int, tuple[set[str], dict[str, set[str]]]] = {}
    for statement, alias in needed:
        is_from = isinstance(statement, ast.ImportFrom)
        module = _module(statement) if is_from else alias.name
        plain, members = sections.setdefault(_section(module, is_own), (set(), {}))
        renamed = f" as {alias.asname}" if alias.asname else ""
        if not is_from:
            plain.add(f"import {alias.name}{renamed}")
        elif renamed:
            members.setdefault(f"{module}\0{alias.name}", set()).add(f"{alias.name}{renamed}")
        else:
            members.setdefault(module, set()).add(alias.name)
    return "\n\n".join("\n".join(_lines(*sections[one])) for one in sorted(sections))


def _lines(plain: set[str], members: dict[str, set[str]]) -> Iterator[str]:
    yield from sorted(plain, key=lambda line: (line.split()[1].lower(), line))
    for module in sorted(members, key=str.lower):
        names = ", ".join(sorted(members[module], key=_as_isort))
        yield f"from {module.partition(chr(0))[0]} import {names}"


def _as_isort(name: str) -> tuple[int, str]:
    """Return where a name has its place: CONSTANTS, then Classes, then the others."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def _module(statement: Import) -> str:
    assert isinstance(statement, ast.ImportFrom)  # noqa: S101  (the caller knows)
    return "." * statement.level + (statement.module or "")


def _section(module: str, is_own: Callable[[str], bool]) -> int:
    """Return in which group a module is imported: of Python, installed, the application's."""
    first = module.partition(".")[0]
    if not first:
        return 3
    if first in sys.stdlib_module_names:
        return 0
    return 2 if is_own(first) else 1
