import pytest

from flask_migrate.revisions.read import creation_date, read_source


@pytest.fixture
def source(tmp_path):
    def read(text):
        path = tmp_path / "abc_first.py"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_source(path)

    return read


def test_literal_identifiers_are_taken_from_the_source(source):
    found = source(
        '"""A message."""\n'
        "from alembic import op\n"
        "revision: str = 'abc'\n"
        "down_revision = ('x', 'y')\n"
        "branch_labels = None\n"
        "depends_on = ['z']\n"
        "def upgrade():\n    revision = op.get_bind()\n"
    )

    assert found.is_static
    assert found.fault is None
    assert (found.revision, found.down_revision) == ("abc", ("x", "y"))
    assert (found.branch_labels, found.depends_on) == (None, ("z",))
    assert found.doc == "A message."


@pytest.mark.parametrize(
    "text",
    [
        "revision = 'a' + 'b'\n",
        "revision = 'a'\nrevision = 'b'\n",
        "if True:\n    revision = 'a'\n",
        "from other import revision\n",
        "from other import *\n",
        "revision = 'a'\ndown_revision = compute()\n",
        "x = 1\n",
    ],
)
def test_whatever_leaves_a_doubt_is_not_static(source, text):
    assert not source(text).is_static


def test_a_file_that_cannot_be_parsed_still_tells_its_identifiers(source):
    found = source("revision = 'abc'  # this one\ndown_revision: str = \"x\"\ndef upgrade(:\n")

    assert (found.revision, found.down_revision) == ("abc", "x")
    assert found.fault == "line 3: invalid syntax"


def test_an_empty_file_says_so(source):
    assert source("\n \n").fault == "is empty"


def test_bytes_that_are_not_utf8_are_a_fault(source):
    found = source(b"revision = 'abc'\nname = '\xff'\n")

    assert found.revision == "abc"
    assert "utf-8" in found.fault


def test_a_declared_encoding_is_respected(source):
    found = source(b'# -*- coding: latin-1 -*-\n"""caf\xe9"""\nrevision = "abc"\n')

    assert found.doc == "café"


def test_a_missing_file_is_a_fault(tmp_path):
    assert read_source(tmp_path / "gone.py").fault == "cannot be read: No such file or directory"


def test_the_date_of_a_revision_is_read_from_its_docstring():
    assert creation_date("x\n\nCreate Date: 2025-01-13 10:30:00\n") == "2025-01-13 10:30:00"
    assert creation_date("x") is None


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("kind = sa.Enum('a')\ndef upgrade():\n    kind.create(op.get_bind())\n", False),
        ("try:\n    kind.create(op.get_bind())\nexcept NameError:\n    pass\n", True),
        ("op.execute('x')\n", True),
        ("bind = do.get_bind()\n", True),
        ("url = context.config.get_main_option('a')\n", True),
        ("operations = []\n", False),
    ],
)
def test_what_names_a_database_outside_of_functions_may_act_when_it_is_loaded(source, text, acts):
    imports = "from alembic import op, context\nfrom alembic import op as do\n"

    assert source(f"{imports}revision = 'a'\n{text}").acts is acts
