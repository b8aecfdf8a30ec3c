"""Comparators that packages beside Alembic register: they are asked as Alembic asks them."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import comparators
from alembic.operations import ops
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult

from tests.autogenerate.compared import Compared, body, compared
from tests.changes.change import things, v

__all__ = ["compared"]


@pytest.fixture
def plugin():
    made = Plugin("godwit_test.comparators")
    yield made
    made.remove()


@pytest.fixture
def registry():
    """Alembic's own registry, in which older packages put theirs."""
    before = {key: list(entries) for key, entries in comparators._registry.items()}
    yield comparators
    comparators._registry.clear()
    comparators._registry.update(before)


class Both(ops.ExecuteSQLOp):
    """A statement that is run on the way back too."""

    def reverse(self):
        return self


PLUGINS = ["alembic.autogenerate.*", "godwit_test.comparators"]


def of(*columns, name="things"):
    return lambda m: things(m, *(sa.Column(one, sa.String(20)) for one in columns), name=name)


def several(*tables):
    def declare(m):
        for table in tables:
            table(m)

    return declare


def test_a_comparator_of_tables_gets_each_table_and_adds_operations(compared, registry):
    asked = []

    @registry.dispatch_for("table")
    def audit(context, operations, schema, name, there, wanted):
        asked.append((schema, name, there is not None, wanted is not None))
        operations.ops.append(Both(f"SELECT '{name}'"))

    one = compared(
        several(of("v"), of("v", name="stays"), of("v", name="zz_gone")),
        several(of("w"), of("v", name="stays"), of("v", name="aa_new")),
    )
    script = one.script()

    assert sorted(asked) == [
        (None, "aa_new", False, True),
        (None, "stays", True, True),
        (None, "things", True, True),
        (None, "zz_gone", True, False),
    ]
    there, back = body(script), body(script, "downgrade")
    for lines, gone, new in ((there, "zz_gone", "aa_new"), (back, "aa_new", "zz_gone")):
        every = "\n".join(lines)
        assert every.count("execute(") == 4
        assert every.index(f"SELECT '{gone}'") < every.index(f"drop_table('{gone}')")
        assert every.index(f"create_table('{new}'") < every.index(f"SELECT '{new}'")
    every = "\n".join(there)
    assert every.index("add_column") < every.index("SELECT 'things'")
    if one.engine.dialect.name != "sqlite":  # where a batch drops columns first
        assert every.index("SELECT 'things'") < every.index("drop_column")
    one.there_and_back()


def test_a_comparator_of_columns_changes_a_column(compared, plugin):
    seen = []

    def comment(context, operation, schema, table, column, there, wanted):
        seen.append((table, column, type(there), type(wanted)))
        if column == "v" and wanted.info.get("nullable"):
            operation.modify_nullable = True
        return PriorityDispatchResult.CONTINUE

    plugin.add_autogenerate_comparator(comment, "column", "mine")
    one = compared(
        lambda m: things(m, v(sa.String(20), nullable=False)),
        lambda m: things(m, v(sa.String(20), nullable=False, info={"nullable": True})),
        autogenerate_plugins=PLUGINS,
    )

    script = one.script()

    assert seen == [("things", "id", sa.Column, sa.Column), ("things", "v", sa.Column, sa.Column)]
    assert "nullable=True" in "".join(body(script))
    assert "nullable=False" in "".join(body(script, "downgrade"))
    one.there_and_back()


def test_one_that_stops_the_others_has_the_last_word(compared, plugin):
    plugin.add_autogenerate_comparator(
        lambda *_: PriorityDispatchResult.STOP, "column", "types", priority=DispatchPriority.FIRST
    )
    plugin.add_autogenerate_comparator(
        lambda *_: PriorityDispatchResult.STOP, "table", "indexes", priority=DispatchPriority.FIRST
    )
    one = compared(
        lambda m: things(m, v(sa.String(20))),
        lambda m: things(m, v(sa.String(50), index=True), sa.Column("w", sa.Integer)),
        autogenerate_plugins=PLUGINS,
    )

    (change,) = one.differs()

    assert change.startswith("add column things.w")


def test_one_of_another_kind_of_server_is_not_asked(compared, plugin):
    def fail(*_):
        raise AssertionError

    plugin.add_autogenerate_comparator(fail, "table", "mine", qualifier="oracle")

    one = compared(of("v"), of("v"), autogenerate_plugins=PLUGINS)

    assert one.differs() == []


def test_one_of_schemas_sees_what_was_found(compared, registry):
    found = []

    @registry.dispatch_for("schema")
    def look(context, upgrade, schemas):
        found.extend(type(one).__mro__[0].__name__ for one in upgrade.ops)

    compared(of("v"), several(of("v"), of("v", name="new"))).script()

    assert found == ["CreateTableOp"]


def test_one_of_schemas_is_asked_once_where_models_are_compared_by_their_text(compared, registry):
    asked = []
    registry.dispatch_for("schema")(lambda *_: asked.append("schema"))
    registry.dispatch_for("table")(lambda *_: asked.append("table"))

    one = compared(
        of("v"),
        lambda m: things(m, v(sa.String(20)), sa.CheckConstraint("there is no such thing")),
    )
    one.script()

    assert asked.count("schema") == 1
    assert asked.count("table") == 1


def test_what_is_put_before_ours_is_taken_back_after_it(compared, registry):
    @registry.dispatch_for("schema", priority=DispatchPriority.LAST)
    def surround(context, upgrade, schemas):
        upgrade.ops.insert(0, Both("SELECT 'first'"))
        upgrade.ops.append(Both("SELECT 'last'"))

    script = compared(of("v"), of("v", "w")).script()

    there, back = "\n".join(body(script)), "\n".join(body(script, "downgrade"))
    assert there.index("'first'") < there.index("add_column") < there.index("'last'")
    assert back.index("'last'") < back.index("drop_column") < back.index("'first'")


def test_enums_are_left_to_the_package_that_writes_them(postgresql_database, tmp_path, registry):
    def compare_enums(context, upgrade, schemas):
        """Stand where alembic-postgresql-enum does."""

    compare_enums.__module__ = "alembic_postgresql_enum.compare_dispatch"
    registry.dispatch_for("schema", priority=DispatchPriority.LAST)(compare_enums)
    enums = {labels: sa.Enum(*labels, name="mood") for labels in ("ab", "abc")}
    one = Compared(
        postgresql_database,
        tmp_path,
        lambda m: things(m, v(enums["ab"])),
        lambda m: things(m, v(enums["abc"])),
    )

    assert one.script() == ""
