from flask_migrate.autogenerate.differences import TableDifference
from flask_migrate.autogenerate.write.mysql.options import option_clauses, recoded
from flask_migrate.values.schema import Column, Name, Table

TEXT = Column(name="body", type="text", nullable=True)
EXACT = Column(name="exact", type="varchar(9)", nullable=False, collation="utf8mb4_bin")
NUMBER = Column(name="size", type="int(11)", nullable=True)
NEW = Column(name="new", type="text", nullable=True)


def table(*columns, **options):
    return Table(name=Name("", "things"), columns=columns, options=tuple(sorted(options.items())))


def clauses(before, after):
    return list(option_clauses(TableDifference(before=before, after=after)))


def test_no_option_that_differs_needs_no_statement():
    assert clauses(table(NUMBER), table(TEXT)) == []


def test_what_is_not_told_any_more_becomes_what_it_is_anyway():
    before = table(
        engine="MyISAM", row_format="DYNAMIC", partition_by="HASH (`id`)", key_block_size="8"
    )

    assert clauses(before, table()) == [
        ["ENGINE=InnoDB", "KEY_BLOCK_SIZE=0", "ROW_FORMAT=DEFAULT", "REMOVE PARTITIONING"]
    ]


def test_rows_count_on_where_they_did_on_the_way_back():
    models = table(auto_increment="1000", counted_to="4")

    assert clauses(table(), models) == [["AUTO_INCREMENT=1000"]]
    assert clauses(models, table()) == [["AUTO_INCREMENT=4"]]


def test_where_rows_began_to_count_is_not_taken_back_if_nobody_knows():
    assert clauses(table(auto_increment="1000"), table()) == []
    assert clauses(table(), table(auto_increment="1000")) == [["AUTO_INCREMENT=1000"]]


def test_texts_are_defined_anew_with_the_collation_of_their_table():
    before, after = (
        table(TEXT, EXACT, NUMBER),
        table(TEXT, EXACT, NUMBER, NEW, collate="latin1_bin"),
    )

    assert clauses(before, after) == [
        [
            "COLLATE latin1_bin",
            "MODIFY COLUMN `body` text NULL",
            "MODIFY COLUMN `exact` varchar(9) COLLATE utf8mb4_bin NOT NULL",
            # It came before, with the collation that the table had then.
            "MODIFY COLUMN `new` text NULL",
        ]
    ]
    assert recoded(TableDifference(before=before, after=after)) == {"body", "exact"}


def test_an_engine_that_leaves_something_behind_is_cleaned_up_after():
    assert clauses(table(engine="Aria"), table()) == [["ENGINE=InnoDB"], ["PAGE_CHECKSUM=DEFAULT"]]
