"""What MariaDB names and makes by itself, and its options: it changes as it should."""

import pytest

from tests.autogenerate.write.mysql.changes import CHANGES
from tests.changes.harness import Judge


@pytest.mark.parametrize("change", CHANGES, ids=[one.name for one in CHANGES])
def test_a_change_of_mariadb_gets_its_marks(change, make_database, tmp_path):
    result = Judge(make_database, tmp_path).judge(change, "mariadb", kind="MariaDB")

    assert result.failed == {}, result.script
