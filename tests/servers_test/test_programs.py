"""Where the programs of a server are looked for."""

import pytest

from tests.servers import mariadb, postgresql
from tests.servers.__main__ import main


@pytest.fixture
def program(tmp_path):
    """A function that makes a program which prints one line."""

    def make(path, line=""):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\necho '{line}'\n", encoding="utf-8")
        file.chmod(0o755)
        return file

    return make


def test_postgresql_needs_both_of_its_programs(program, tmp_path):
    program("a/postgres")
    program("b/postgres")
    program("b/initdb")
    assert postgresql.find_programs([tmp_path / "a", tmp_path / "b"]) == tmp_path / "b"
    assert postgresql.find_programs([tmp_path / "a"]) is None


def test_the_newest_postgresql_of_debian_comes_first(tmp_path):
    for version in ("9.6", "13", "15", "101"):
        (tmp_path / version / "bin").mkdir(parents=True)
    found = [path.parent.name for path in postgresql.debian_directories(tmp_path)]
    assert found == ["101", "15", "13"]


def test_mariadb_has_old_and_new_names(program, tmp_path):
    server = program("sbin/mysqld", "mysqld  Ver 10.6.1-MariaDB for Linux")
    installer = program("bin/mysql_install_db")
    assert mariadb.find_programs([tmp_path / "bin", tmp_path / "sbin"]) == (server, installer)
    assert mariadb.find_programs([tmp_path / "sbin"]) is None


def test_mysql_is_not_taken_for_mariadb(program, tmp_path):
    program("bin/mysqld", "mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server)")
    program("bin/mysql_install_db")
    assert mariadb.find_programs([tmp_path / "bin"]) is None


def test_without_a_command_the_usage_is_shown(capsys):
    assert main([]) == 2
    assert "COMMAND" in capsys.readouterr().err
