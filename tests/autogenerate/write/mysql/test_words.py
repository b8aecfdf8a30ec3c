import pytest

from flask_migrate.autogenerate.write.mysql.words import definition, has_text, index_definition
from flask_migrate.values.schema import Column, Computed, Index


def column(**options):
    return Column(**{"name": "v", "type": "int(11)", "nullable": True, **options})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (column(), "`v` int(11) NULL"),
        (column(name="a`b", nullable=False), "`a``b` int(11) NOT NULL"),
        (
            column(type="varchar(20)", collation="latin1_bin", default="'it''s'", comment="it's"),
            "`v` varchar(20) COLLATE latin1_bin NULL DEFAULT 'it''s' COMMENT 'it''s'",
        ),
        (column(is_numbered=True, nullable=False), "`v` int(11) NOT NULL AUTO_INCREMENT"),
        (
            column(computed=Computed(expression="`a` + 1", is_stored=True)),
            "`v` int(11) AS (`a` + 1) STORED",
        ),
        (
            column(computed=Computed(expression="`a` + 1", is_stored=False)),
            "`v` int(11) AS (`a` + 1) VIRTUAL",
        ),
        (
            column(options=(("check", "`v` > 0"), ("invisible", "yes"))),
            "`v` int(11) NULL INVISIBLE CHECK (`v` > 0)",
        ),
        (
            column(type="varchar(10)", options=(("storage", "COMPRESSED"),)),
            "`v` varchar(10) COMPRESSED NULL",
        ),
    ],
)
def test_a_definition_has_all_of_a_column(given, expected):
    assert definition(given) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("(`a`(3), `b` DESC)", "INDEX `ix` (`a`(3), `b` DESC)"),
        ("UNIQUE (`a`)", "UNIQUE INDEX `ix` (`a`)"),
        ("FULLTEXT (`a`)", "FULLTEXT INDEX `ix` (`a`)"),
    ],
)
def test_an_index_has_its_kind_before_its_name(told, expected):
    index = Index(name="ix", is_unique=False, columns=("a",), definition=told)

    assert index_definition(index) == expected


@pytest.mark.parametrize("type_", ["varchar(20)", "text", "enum('a','b')", "char(3)"])
def test_texts_have_a_character_set(type_):
    assert has_text(column(type=type_))


@pytest.mark.parametrize("type_", ["int(11)", "json", "datetime", "blob", "tinyint(1)"])
def test_what_is_no_text_has_none(type_):
    assert not has_text(column(type=type_))
