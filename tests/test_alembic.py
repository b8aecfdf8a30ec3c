"""The names that Alembic and SQLAlchemy keep private, and that we need, mean what we think.

A test that fails here says what a new version changed, before an application finds out.
"""

from functools import partial

import alembic.context
import alembic.op
import pytest
import sqlalchemy as sa
from alembic.autogenerate import comparators, compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep, StampStep
from alembic.script import ScriptDirectory, write_hooks
from alembic.util import CommandError

from flask_migrate import _alembic

SCRIPT = """
revision = {0!r}
down_revision = {1!r}
depends_on = {2!r}

def upgrade(): pass
def downgrade(): pass
"""
FILES = {
    "a": ("a", None, None),
    "b": ("b", "a", None),
    "c": ("c", None, "b"),
    "d": ("d", ("b", "c"), None),
}


@pytest.fixture
def scripts(tmp_path):
    """Four revisions: b revises a, c depends on b, d merges both."""
    versions = tmp_path / "versions"
    versions.mkdir()
    for name, arguments in FILES.items():
        (versions / f"{name}.py").write_text(SCRIPT.format(*arguments))
    return ScriptDirectory(str(tmp_path))


@pytest.fixture
def context():
    """Alembic's view of an empty database."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        yield MigrationContext.configure(connection)
    engine.dispose()


@pytest.mark.parametrize("is_upgrade", [True, False])
def test_the_revision_map_has_what_steps_are_made_of(scripts, is_upgrade):
    steps = _alembic.revision_steps(scripts, ["c", "a"], is_upgrade=is_upgrade)

    assert all(isinstance(step, RevisionStep) for step in steps)
    assert [step.is_upgrade for step in steps] == [is_upgrade, is_upgrade]
    assert [step.revision.revision for step in steps] == ["c", "a"]


def test_no_revision_map_is_made_for_no_steps(scripts):
    assert _alembic.revision_steps(scripts, [], is_upgrade=True) == []
    assert "_revision_map" not in vars(scripts.revision_map)


def test_stamp_revs_gives_steps_without_functions(scripts):
    steps = _alembic.stamp_steps(scripts, ("d",), ("b",))

    assert steps
    assert all(isinstance(step, StampStep) for step in steps)
    assert {step.to_revisions_no_deps for step in steps} == {("d",)}


def test_ensure_version_table_creates_it_once(context):
    _alembic.create_version_table(context)
    _alembic.create_version_table(context)

    assert sa.inspect(context.connection).get_table_names() == ["alembic_version"]


def test_version_is_the_table_with_the_version_column(context):
    table = _alembic.version_table(context)

    assert isinstance(table, sa.Table)
    assert (table.name, table.c.keys()) == ("alembic_version", ["version_num"])


def test_the_head_maintainer_updates_by_a_statement_that_is_compiled_once(scripts, context):
    _alembic.create_version_table(context)
    steps = _alembic.revision_steps(scripts, ["a", "b"], is_upgrade=True)
    ran = []
    sa.event.listen(context.connection, "before_cursor_execute", lambda *a: ran.append(a[2:4]))
    heads = _alembic.Heads(context, ())
    for step in steps:
        heads.update_to_step(step)

    statement, values = ran[-1]
    assert statement.startswith("UPDATE alembic_version SET version_num=")
    assert (set(values), heads.heads, context.get_current_heads()) == ({"a", "b"}, {"b"}, ("b",))


def test_the_head_maintainer_says_that_the_row_is_not_there(scripts, context):
    _alembic.create_version_table(context)
    (step,) = _alembic.revision_steps(scripts, ["b"], is_upgrade=True)

    with pytest.raises(CommandError, match="expected to match one row when updating 'a' to 'b'"):
        _alembic.Heads(context, ["a"]).update_to_step(step)


def test_a_column_of_another_type_gets_its_values_in_the_text(scripts):
    class Shouted(sa.types.TypeDecorator):
        impl, cache_ok = sa.String, True

        def process_bind_param(self, value, dialect):
            return value and value.upper()

    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        table = _alembic.version_table(context)
        table.c.version_num.type = Shouted()
        _alembic.create_version_table(context)
        heads = _alembic.Heads(context, ())
        for step in _alembic.revision_steps(scripts, ["a", "b"], is_upgrade=True):
            heads.update_to_step(step)
        assert connection.exec_driver_sql("SELECT * FROM alembic_version").all() == [("b",)]
    engine.dispose()


def test_version_locations_are_found(scripts, tmp_path):
    (directory,) = _alembic.version_directories(scripts)

    assert directory == tmp_path / "versions"


class _Remembered(_alembic.LoadsRevisions):
    """A history that is not read from files, and writes nothing."""

    def load_scripts(self):
        plain = ScriptDirectory(str(self.dir))
        return list(plain.walk_revisions()) if self.loads else []

    def write_script(self, template, path, arguments):
        self.written = (template.name, path, arguments)
        path.write_text(SCRIPT.format("e", "d", None))

    loads = True


def test_load_revisions_is_asked_for_every_revision(scripts):
    remembered = _Remembered(scripts.dir)

    assert remembered.get_heads() == ["d"]
    remembered = _Remembered(scripts.dir)
    remembered.loads = False
    assert remembered.get_heads() == []


def test_generate_template_is_asked_to_write_a_revision(scripts, tmp_path):
    remembered = _Remembered(scripts.dir)
    (tmp_path / "script.py.mako").write_text("")

    remembered.generate_revision("e", "message", head="d", refresh=True)

    template, path, arguments = remembered.written
    assert (template, path.name) == ("script.py.mako", "e_message.py")
    assert arguments["up_revision"] == "e"
    assert arguments["down_revision"] == "d"
    assert arguments["message"] == "message"


def test_setups_let_the_context_module_speak_for_a_subclass(scripts):
    class Ours(EnvironmentContext):
        pass

    _alembic.serve_context_module(Ours)
    _alembic.serve_context_module(Ours)
    config = Config()

    with Ours(config, scripts, as_sql=True):
        assert alembic.context.config is config
        assert alembic.context.is_offline_mode()
    with EnvironmentContext(config, scripts, as_sql=False):
        assert not alembic.context.is_offline_mode()


def test_proxies_let_the_op_module_speak_for_a_subclass_and_give_it_back(context):
    class Ours(Operations):
        def greet(self):
            return "hello"

    with _alembic.speaking_through_op(Ours(context)) as outer:
        assert alembic.op.greet() == "hello"
        with _alembic.speaking_through_op(Ours(context)) as inner:
            assert alembic.op._proxy is inner
        assert alembic.op._proxy is outer
    with Operations.context(context):
        assert type(alembic.op._proxy) is Operations


def test_the_module_context_speaks_for_the_outer_environment_again():
    def environment():
        config = Config()
        config.set_main_option("script_location", ".")
        return EnvironmentContext(config, None)

    with _alembic.speaking_through_context(environment()):
        outer = alembic.context._proxy
        with _alembic.speaking_through_context(environment()):
            assert alembic.context._proxy is not outer
        assert alembic.context._proxy is outer
    assert alembic.context._proxy is None


COMPARATOR = """
from alembic.autogenerate import comparators, compare_metadata

@comparators.dispatch_for("table")
def compare(*arguments):
    calls.append(arguments)
"""


def test_the_registry_of_comparators_forgets_those_of_one_module():
    before = {key: list(entries) for key, entries in comparators._registry.items()}
    module, other = _run_comparator(), _run_comparator()
    assert _registered(module) == [module["compare"]]

    _alembic.forget_comparators(module)

    assert _registered(module) == []
    assert _registered(other) == [other["compare"]]
    _alembic.forget_comparators(other)
    assert {key: entries for key, entries in comparators._registry.items() if entries} == {
        key: entries for key, entries in before.items() if entries
    }


def test_the_registry_tells_who_compares_what_and_can_leave_out_a_kind(context):
    compared = AutogenContext(context, metadata=sa.MetaData())
    calls = []
    for target, qualifier in (("table", "sqlite"), ("table", "oracle"), ("schema", "default")):
        note = partial(calls.append, (target, qualifier))
        note.__module__ = f"for_{qualifier}"
        compared.comparators.dispatch_for(target, qualifier=qualifier)(note)

    assert "for_sqlite" in _alembic.comparing_modules(compared, "table")
    assert "for_oracle" not in _alembic.comparing_modules(compared, "table")
    assert "for_default" in _alembic.comparing_modules(compared, "schema")

    _alembic.comparators_but(compared, "schema").dispatch("schema", qualifier="sqlite")()
    assert calls == []
    assert "for_default" in _alembic.comparing_modules(compared, "schema")


def test_the_registry_of_post_write_hooks_has_alembics_and_those_of_others(monkeypatch):
    assert _alembic.post_write_hook("exec") is write_hooks.exec_
    assert _alembic.post_write_hook("exec", own=True) is None
    assert _alembic.post_write_hook("nobody's") is None

    monkeypatch.setitem(write_hooks._registry, "exec", print)

    assert _alembic.post_write_hook("exec", own=True) is print


def _run_comparator():
    namespace = {"calls": []}
    exec(COMPARATOR, namespace)  # noqa: S102  (as env.py is run)
    return namespace


def _registered(module):
    every = [entry[0] for entries in comparators._registry.values() for entry in entries]
    return [function for function in every if function is module["compare"]]


@pytest.mark.parametrize(("given", "called"), [(True, 1), (False, 0), (lambda *_: False, 0)])
def test_defaults_are_compared_by_another_function_for_a_while(given, called):
    calls = []
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("a", sa.Integer, server_default="1"))
    with sa.create_engine("sqlite://").connect() as connection:
        metadata.create_all(connection)
        options = {"compare_server_default": given, "target_metadata": metadata}
        context = MigrationContext.configure(connection, opts=options)
        with _alembic.comparing_defaults(context, lambda *arguments: calls.append(arguments)):
            compare_metadata(context, metadata)
        compare_metadata(context, metadata)

    assert len(calls) == called
