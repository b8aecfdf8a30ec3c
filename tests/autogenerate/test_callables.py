"""`compare_type`, `compare_server_default` and filters, as Alembic documents them."""

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from tests.autogenerate.compared import Compared, body, compared
from tests.changes.change import things, v

__all__ = ["compared"]


def table(*items):
    return lambda m: things(m, *(one() for one in items))


def short():
    return v(sa.String(20), server_default="old")


def long():
    return v(sa.String(50), server_default="new")


def test_functions_are_asked_of_every_column_with_what_alembic_gives_them(compared):
    asked = []

    def compare_type(context, inspected, model, inspected_type, model_type):
        asked.append((context, inspected, model, inspected_type, model_type))

    def compare_default(context, inspected, model, inspected_default, model_default, rendered):
        asked.append((inspected.name, inspected_default, model_default, rendered))

    one = compared(
        table(short),
        table(short),
        compare_type=compare_type,
        compare_server_default=compare_default,
    )

    assert one.script() == ""
    (first, second, default) = sorted(asked, key=len, reverse=True)
    assert {one[1].name for one in (first, second)} == {"id", "v"}
    assert isinstance(first[0], MigrationContext)
    assert all(one[1].type is one[3] and one[2].type is one[4] for one in (first, second))
    name, inspected, model, rendered = default
    assert (name, inspected.split("::")[0], rendered) == ("v", "'old'", "old")
    assert model.arg == "old"


def test_false_hides_what_the_server_sees(compared):
    one = compared(
        table(short),
        table(long),
        compare_type=lambda *_: False,
        compare_server_default=lambda *_: False,
    )

    assert one.differs() == []
    assert one.script() == ""


def test_none_leaves_it_to_the_server(compared):
    one = compared(
        table(short),
        table(long),
        compare_type=lambda *_: None,
        compare_server_default=lambda *_: None,
    )

    script = one.script()

    assert script.count("type_=sa.String(length=50)") == 1
    assert script.count("server_default='new'") == 1
    assert script.count(".alter_column(") == 2
    one.there_and_back()


def test_true_is_a_difference_where_the_server_sees_none(compared):
    def compare_type(context, inspected, model, inspected_type, model_type):
        return True if model.name == "v" else None

    one = compared(table(short), table(short), compare_type=compare_type)

    script = one.script()

    assert "type_=sa.String(length=20)" in script
    assert script.count(".alter_column(") == 2
    one.there_and_back()


def test_true_adds_to_what_else_changes_in_a_column(compared):
    one = compared(
        table(lambda: v(sa.String(20), nullable=False)),
        table(lambda: v(sa.String(20), nullable=True)),
        compare_type=lambda _, __, model, *___: model.name == "v" or None,
    )

    script = one.script()

    assert script.count(".alter_column(") == 2
    assert " ".join(body(script)).count("type_=sa.String(length=20), nullable=True") == 1
    one.there_and_back()


def test_true_says_no_more_than_the_server_says_already(compared):
    one = compared(
        table(short),
        table(long),
        compare_type=lambda _, __, model, *___: model.name == "v" or None,
        compare_server_default=lambda *_: True,
    )

    script = one.script()

    assert script.count(".alter_column(") == 2
    assert script.count("type_=sa.String(length=50)") == 1
    one.there_and_back()


def test_a_default_that_the_application_takes_for_another_is_set(compared):
    one = compared(table(short), table(short), compare_server_default=lambda *_: True)

    assert "server_default='old'" in one.script()
    one.there_and_back()


def test_an_explicit_false_is_respected(compared):
    one = compared(table(short), table(long), compare_type=False, compare_server_default=False)

    assert one.script() == ""


def test_an_explicit_false_leaves_enums_alone(postgresql_database, tmp_path):
    def mood(*labels):
        return lambda: v(sa.Enum(*labels, name="mood"))

    fewer, more = table(mood("a")), table(mood("a", "b"))
    text = table(lambda: v(sa.String(20)))
    for number, (before, after) in enumerate([(fewer, more), (text, more)]):
        here = tmp_path / str(number)
        one = Compared(postgresql_database, here, before, after, compare_type=False)
        assert one.script() == ""
        with one.engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE things, alembic_version"))
            connection.execute(sa.text("DROP TYPE IF EXISTS mood"))


class Settled(sa.types.UserDefinedType):
    cache_ok = True

    def __init__(self, length):
        self.length = length

    def get_col_spec(self, **_):
        return f"VARCHAR({self.length})"

    def compare_against_backend(self, dialect, conn_type):
        return isinstance(conn_type, sa.String)


def test_a_type_that_says_that_it_is_equal_is_no_difference(compared):
    one = compared(table(lambda: v(Settled(20))), table(lambda: v(Settled(50))))

    assert one.script() == ""


def parts(*names):
    def declare(m):
        things(m, v(sa.Integer), *(sa.Column(name, sa.Integer) for name in names))
        table = m.tables["things"]
        for name in names:
            sa.Index(f"ix_{name}", table.c.v, table.c[name])

    return declare


def test_include_name_leaves_parts_of_the_database_alone(compared):
    asked = []

    def include_name(name, type_, parents):
        asked.append((name, type_, parents.get("table_name"), parents.get("schema_name")))
        return name not in {"theirs", "ix_theirs"}

    one = compared(parts("ours", "theirs"), parts("ours"), include_name=include_name)

    assert one.script() == ""
    assert {("theirs", "column", "things", None), ("ix_theirs", "index", "things", None)} <= set(
        asked
    )


def test_include_object_leaves_parts_of_both_sides_alone(compared):
    def include_object(item, name, type_, reflected, compare_to):
        return not (type_ in {"column", "index"} and "left" in name)

    one = compared(parts("left_there"), parts("left_here"), include_object=include_object)

    assert one.script() == ""
