"""Whatever a message is, it is text in the file that is written, and never code."""

import ast
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import flask_migrate
from flask_migrate.revisions.read import read_source
from flask_migrate.revisions.write import as_docstring, write_rendered
from tests.behaviour.application import contents

AWKWARD = (
    "it's", 'say "hi"', '"', '""', '"""', "'''", "\\", 'ends with \\"', "C:\\new\\table",
    "\\N{BULLET}", "\\x4", "${1/0}", "${message}", "<% raise SystemExit %>", "% if True:",
    "<%doc>", "## no comment", "# no comment", "%s %(x)s %", "%%", "{0} {x}",
    "two\nlines", "two\r\nlines", "\rreturn", "\n\n", "\ttab", "form\ffeed", "nul\0", "esc\x1b[31m",
    "lone \ud800", "naïve 漢字 🎉 \u202e", "line\u2028separator", "next\x85line", "\ufeffmark",
    '"""\nimport os\nraise SystemExit("hijacked")\n"""', '\\"""\nraise SystemExit\n"""',
    '"""; raise SystemExit; """', "#\nraise SystemExit", " leading and trailing ", "", " ",
    "'''\nraise SystemExit\n'''", "-*- coding: utf-7 -*-", "coding: latin-1",
)  # fmt: skip
MESSAGES = st.one_of(
    st.text(st.characters(exclude_categories=[])),
    st.lists(
        st.sampled_from(["'", '"', '"""', "'''", "\\", "\n", "\r", "#", "${", "}", "%", "\0", "x"])
    ).map("".join),
)

OURS = (Path(flask_migrate.__file__).parent / "templates/flask/script.py.mako").read_text("utf-8")
REST = "revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n"
TEMPLATES = {
    "ours": OURS,
    "closed on the same line": f'"""${{message}}"""\n{REST}',
    "an empty line first": f'"""\n${{message}}\n\n"""\n{REST}',
    "other quotes": f"'''${{message}}'''\n{REST}",
    "other quotes, over lines": f"'''\n${{message}}\n'''\n{REST}",
}
ELSEWHERE = {
    "a comment": f"# ${{message}}\n{REST}",
    "a plain string": f'"${{message}}"\n{REST}',
    "a variable": f"{REST}message = '${{message}}'\n",
    "twice": f'"""${{message}}"""\n# ${{message}}\n{REST}title = "${{message}}"\n',
}
ARGUMENTS = {
    "up_revision": "a1", "down_revision": None, "branch_labels": None, "depends_on": None,
    "create_date": "2024-05-01", "imports": "", "upgrades": "pass", "downgrades": "pass",
    "comma": lambda value: value or "",
}  # fmt: skip


def written(template, message):
    """Return what a template makes of a message, as a file that was written."""
    with TemporaryDirectory() as directory:
        place = Path(directory)
        (place / "script.py.mako").write_text(template, encoding="utf-8")
        path = place / "versions" / "a1_.py"
        write_rendered(
            place / "script.py.mako", path, {**ARGUMENTS, "message": message}, encoding="utf-8"
        )
        return path.read_bytes(), read_source(path)


def code_of(content):
    """Return what a file does: its statements, the text of strings left out."""
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def with_examples(test):
    """Try what is awkward, besides whatever Hypothesis finds."""
    for message in AWKWARD:
        test = example(message=message)(test)
    return test


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_message_is_the_docstring_and_nothing_else(template):
    harmless = code_of(written(template, "create users")[0])

    @with_examples
    @settings(max_examples=50)
    @given(message=MESSAGES)
    def check(message):
        content, source = written(template, message)
        assert code_of(content) == harmless
        assert message in source.doc
        assert (source.revision, source.down_revision) == ("a1", None)
        assert source.is_static
        assert source.fault is None

    check()


@pytest.mark.parametrize("template", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_message_that_stands_elsewhere_is_never_code(template):
    harmless = code_of(written(template, "create users")[0])

    @with_examples
    @settings(max_examples=50)
    @given(message=MESSAGES)
    def check(message):
        content, source = written(template, message)
        assert code_of(content) == harmless
        assert source.revision == "a1"

    check()


@given(message=MESSAGES)
def test_an_escaped_message_is_itself_between_triple_quotes(message):
    assert ast.literal_eval(f'"""{as_docstring(message)}\n"""') == f"{message}\n"


LONG = "a long story, " * 150_000


@pytest.mark.parametrize(
    "message",
    [
        'it\'s "quoted"',
        '"""\nraise SystemExit\n"""',
        "C:\\new",
        "${1/0} %s <% 1/0 %>",
        "a\nb",
        LONG,
    ],
    ids=["quotes", "code", "backslashes", "template", "lines", "2 MB"],
)
@pytest.mark.parametrize("command", ["revision", "migrate", "merge heads"])
def test_a_message_survives_the_way_through_a_command(sqlite_application, command, message):
    application = sqlite_application
    first, second = application.revision("a1"), application.revision("b2")
    if command == "migrate":
        first.unlink(), second.unlink()
        application.users()

    application.run(
        *command.split(), "-m", message, *(["--head", "a1"] if command == "revision" else [])
    )
    application.run("upgrade", "heads")
    with application.context() as api:
        entries = api.history().revisions
    (shown,) = (entry for entry in entries if entry.revision not in ("a1", "b2"))

    assert shown.description.startswith(message)
    assert len(Path(shown.path).name) < 80
    assert shown.description in ast.get_docstring(
        ast.parse(Path(shown.path).read_bytes()), clean=False
    )


def test_a_template_that_makes_code_of_a_message_writes_nothing(sqlite_application):
    application = sqlite_application
    template = application.write("migrations/script.py.mako", f"{REST}${{message}} = 1\n")
    before = contents(application.path)

    done = application.run("revision", "-m", "print('x'); y", "--rev-id", "a1", exit_code=1)

    assert done.stderr == (
        f"Error: The template {template} made code of the message \"print('x'); y\".\n"
        "Hint: Put ${message} into the docstring, or choose another message; nothing was "
        "written.\n"
    )
    assert contents(application.path) == before


def test_operations_stay_in_place_after_a_message_with_other_ends_of_lines(sqlite_application):
    application = sqlite_application
    application.users()
    application.run("migrate", "-m", "one\u2028two\x85three\x0bfour")

    text = application.versions[0].read_text("utf-8")

    assert "    op.create_table('users',\n        sa.Column('id'" in text
    application.run("upgrade")


def test_a_template_whose_script_is_no_python_writes_nothing(sqlite_application):
    application = sqlite_application
    template = application.write("migrations/script.py.mako", "def ${up_revision}:\n    pass\n")
    before = contents(application.path)

    done = application.run("revision", "--rev-id", "a1", exit_code=1)

    assert done.stderr == (
        f"Error: The template {template} made a script that Python cannot compile: line 1: "
        "expected '('.\n"
        "Hint: Correct the template, or what your env.py renders; nothing was written.\n"
    )
    assert contents(application.path) == before
