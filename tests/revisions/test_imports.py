"""The imports of a generated file."""

import pytest

from flask_migrate.revisions.imports import is_of_application, tidied
from tests.changes.scripts import rules_broken

HEAD = '"""add users"""\n'
DEFAULT = "from alembic import op\nimport sqlalchemy as sa\n"
AFTER = '\n\n# revision identifiers, used by Alembic.\nrevision = "a"\n\n\ndef upgrade():\n    '
BOTH = "op.add_column('users', sa.Column('phone', sa.String()))\n"


def tidy(imports, body, *, before="", after=AFTER):
    source = f"{HEAD}{before}{DEFAULT}{imports}{after}{body}"
    return tidied(source, imports, is_own=lambda module: module == "shop")


def header(text):
    return text.removeprefix(HEAD).partition("# revision")[0]


def test_both_are_sorted_where_both_are_needed():
    text = tidy("", BOTH)

    assert header(text) == "import sqlalchemy as sa\nfrom alembic import op\n\n"
    assert rules_broken(text) == ()


def test_what_is_not_needed_is_left_out():
    text = tidy("", "op.drop_index('ix')\n")

    assert header(text) == "from alembic import op\n\n"
    assert rules_broken(text) == ()


def test_what_is_rendered_is_sorted_and_grouped():
    imports = """\
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import mysql
from shop import Money
import geoalchemy2
import datetime
import shop.types
from sqlalchemy import Text as T
import unused"""
    names = "postgresql, mysql, geoalchemy2, datetime, shop.types, T, Money"

    text = tidy(imports, f"op.execute(sa.text({names}))\n")

    assert header(text) == (
        "import datetime\n\n"
        "import geoalchemy2\n"
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        "from sqlalchemy import Text as T\n"
        "from sqlalchemy.dialects import mysql, postgresql\n\n"
        "import shop.types\n"
        "from shop import Money\n\n"
    )


@pytest.mark.parametrize("body", ["pass\n", "print(1)\n"])
def test_a_file_that_is_to_be_written_by_hand_keeps_them_all(body):
    assert tidy("", body) == f"{HEAD}{DEFAULT}{AFTER}{body}"


@pytest.mark.parametrize("own", ["import shop\n", "from shop import op\n", "import os, sys\n"])
def test_a_template_with_imports_of_its_own_keeps_its_lines(own):
    assert tidy("", BOTH, before=own) == f"{HEAD}{own}{DEFAULT}{AFTER}{BOTH}"


def test_a_template_without_these_lines_keeps_its_own():
    source = f"import sqlalchemy as sa, alembic.op as op\n{AFTER}{BOTH}"

    assert tidied(source, "", is_own=lambda _: False) == source


def test_two_lines_are_left_before_a_function():
    text = tidy("", BOTH, after="\ndef upgrade():\n    ")

    assert "import op\n\n\ndef upgrade" in text
    assert rules_broken(text) == ()


def test_what_python_cannot_read_is_left_to_who_says_so():
    assert tidy("", "(\n") == f"{HEAD}{DEFAULT}{AFTER}(\n"


def test_modules_of_the_application_are_those_that_were_not_installed():
    assert is_of_application("tests")
    assert not is_of_application("sqlalchemy")
    assert not is_of_application("no_such_module")
