"""Write files whole or not at all, and revision files that say what was meant."""

import ast
import io
import os
import re
import secrets
import tokenize
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from mako.template import Template

from flask_migrate.errors import (
    FileExists,
    FileNotWritten,
    InvalidBranchLabel,
    InvalidDirectory,
    InvalidRevisionId,
    InvalidScript,
)
from flask_migrate.revisions.imports import is_of_application, tidied
from flask_migrate.revisions.read import describe_syntax_error
from flask_migrate.values.revision import VERSION_COLUMN_LENGTH

_IDENTIFIER = re.compile(r"\w[\w.]*")
_LABEL = re.compile(r"\w[\w.-]*")
_SYMBOLS = frozenset({"head", "heads", "base", "current", "None"})
_HARMLESS = re.compile(r"""[^"'\\{}\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*""")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

# Characters of an identifier that a message shows.
_SHOWN = 60

_NEW_FILE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def verify_revision_id(revision: str, *, longest: int | None = VERSION_COLUMN_LENGTH) -> None:
    """Refuse an identifier that cannot be a file's name, a symbol or a value of the version table.

    Args:
        revision: The identifier.
        longest: Characters that the version table takes; None for any number.

    Raises:
        InvalidRevisionId: It cannot be used; the message says why.
    """
    if not _IDENTIFIER.fullmatch(revision):
        reason = "may have only letters, digits, underscores and dots, and not begin with a dot"
    elif revision in _SYMBOLS:
        reason = f"may not be one of {', '.join(sorted(_SYMBOLS))}"
    elif longest is not None and len(revision) > longest:
        reason = (
            f"may have {longest} characters, the length of the version column, "
            f"and has {len(revision)}"
        )
    else:
        return
    raise InvalidRevisionId(
        f"A revision {reason}: {_shortened(revision)!r}.",
        hint="Choose another --rev-id, or leave it out and one is made.",
    )


def verify_branch_label(label: str) -> None:
    """Refuse a label that could not be named on the command line.

    Raises:
        InvalidBranchLabel: It has other characters than a name, or is a symbol.
    """
    if not _LABEL.fullmatch(label):
        reason = "may have only letters, digits, underscores, dots and hyphens"
        raise InvalidBranchLabel(label, reason=reason)
    if label in _SYMBOLS:
        raise InvalidBranchLabel(label, reason=f"may not be one of {', '.join(sorted(_SYMBOLS))}")


def as_docstring(message: str) -> str:
    r'''Return a message so that it is itself, and only that, between triple quotes.

    >>> print(as_docstring('say """hi""" and \\ "bye"'))
    say \"\"\"hi\"\"\" and \\ "bye"
    '''
    text = message.replace("\\", "\\\\").replace('"""', r"\"\"\"")
    return _UNPRINTABLE.sub(_escaped, text)


def write_rendered(template: Path, path: Path, arguments: dict[str, Any], *, encoding: str) -> None:
    """Write what a Mako template makes of its arguments, if Python can compile it.

    Args:
        template: The template.
        path: The file to write; it may not exist.
        arguments: What the template is given. A `message` is escaped so that it is
            text wherever the template puts it.
        encoding: How the file is encoded; what it cannot encode is escaped.

    Raises:
        FileExists: A file of that name is there.
        FileNotWritten: The file cannot be written.
        InvalidDirectory: The template is missing or fails.
        InvalidScript: What the template makes is not valid Python.
    """

    def render(message: str) -> bytes:
        text = indent_continuations(_render(template, {**arguments, "message": message}))
        source = tidied(text, str(arguments.get("imports") or ""), is_own=is_of_application)
        return source.encode(encoding, errors="backslashreplace")

    message = str(arguments.get("message", ""))
    try:
        content = _with_message(render, message, path)
    except (SyntaxError, ValueError) as error:
        raise InvalidScript(
            f"The template {template} made a script that Python cannot compile: "
            f"{describe_syntax_error(error)}.",
            hint="Correct the template, or what your env.py renders; nothing was written.",
        ) from error
    if content is None:
        raise InvalidScript(
            f"The template {template} made code of the message {_shortened(message)!r}.",
            hint="Put ${message} into the docstring, or choose another message; nothing was "
            "written.",
        )
    write_new(path, content)


def _with_message(render: Callable[[str], bytes], message: str, path: Path) -> bytes | None:
    """Return a script in which a message is text, or None if the template makes code of it.

    How a message is escaped depends on where the template puts it, which nobody but
    Python can tell: the script must be the one of a harmless message, but for the text.

    Raises:
        SyntaxError: Python cannot compile the script of any message.
        ValueError: As above.
    """
    if _HARMLESS.fullmatch(message):
        content = render(message)
        _compiled(content, path)
        return content
    placeholder = f"message{secrets.token_hex(8)}"
    harmless = _compiled(render(placeholder), path)
    scripts = []
    for candidate in _escapings(message):
        content = render(candidate)
        with suppress(SyntaxError, ValueError):
            scripts.append((content, _compiled(content, path)))
    expected = _dump(harmless, lambda text: text.replace(placeholder, message))
    for content, tree in scripts:
        if _dump(tree, str) == expected:
            return content
    # The template may have shortened the message, or changed it otherwise.
    expected = _dump(harmless, lambda _: "")
    same = (content for content, tree in scripts if _dump(tree, lambda _: "") == expected)
    return next(same, None)


def _escapings(message: str) -> Iterator[str]:
    """Yield a message as triple quotes, any quotes and any line take it, the nicest first."""
    yield as_docstring(message)
    if message.endswith('"'):
        yield as_docstring(message[:-1]) + r"\""
    quoted = re.sub(r"""([\\"'])""", r"\\\1", message)
    yield _UNPRINTABLE.sub(_escaped, quoted)
    yield _UNPRINTABLE.sub(_escaped, quoted).replace("\n", r"\n")


def _compiled(content: bytes, path: Path) -> ast.Module:
    tree = ast.parse(content, filename=str(path))
    compile(tree, str(path), "exec", dont_inherit=True)
    return tree


def _dump(tree: ast.Module, text: Callable[[str], str]) -> str:
    """Return what a script is, each string in it replaced."""
    copy = deepcopy(tree)
    for node in ast.walk(copy):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = text(node.value)
    return ast.dump(copy)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there, whole or not at all, whatever else happens.

    Raises:
        FileExists: A file of that name is there.
        FileNotWritten: The file cannot be written.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _write_beside(path, content)
        _move_unless_there(temporary, path)
    except FileExistsError as error:
        raise FileExists(path) from error
    except OSError as error:
        raise FileNotWritten(path, error.strerror or str(error)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def indent_continuations(source: str) -> str:
    r"""Return Python source with the lines inside of brackets indented one step further.

    Alembic writes the arguments of an operation at the level of the operation.

    >>> print(indent_continuations("f(\na,\nb\n)\n"), end="")
    f(
        a,
        b
    )
    """
    # Lines as Python counts them: str.splitlines() knows ends that Python does not.
    lines = io.StringIO(source).readlines()
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return source
    depth, statement_indent = 0, 0
    starts_statement = True
    seen_line = 0
    for token in tokens:
        row, column = token.start
        if token.type in (tokenize.NEWLINE, tokenize.ENCODING):
            starts_statement = True
            continue
        if token.type in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT):
            continue
        if starts_statement:
            statement_indent, starts_statement = column, False
        elif (
            depth and row != seen_line and column == statement_indent and token.string not in ")]}"
        ):
            lines[row - 1] = "    " + lines[row - 1]
        seen_line = token.end[0]
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
    return "".join(lines)


def _write_beside(path: Path, content: bytes) -> Path:
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with os.fdopen(os.open(temporary, _NEW_FILE, 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _move_unless_there(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no hard links; there, two writers of one name could meet.
        if path.exists():
            raise FileExistsError(path) from None
        temporary.replace(path)


def _render(template: Path, arguments: dict[str, Any]) -> str:
    try:
        made = Template(filename=str(template))  # noqa: S702  (Python, not HTML)
        return str(made.render_unicode(**arguments))
    except OSError as error:
        raise InvalidDirectory(
            f"The template {template} cannot be read: {error.strerror}.",
            hint="A migrations directory needs it: make a new one with flask db init -d other, "
            "and copy it from there.",
        ) from error
    except Exception as error:
        raise InvalidDirectory(
            f"The template {template} failed: {type(error).__name__}: {error}.",
            hint="Correct it; nothing was written.",
        ) from error


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
