from types import SimpleNamespace

import pytest

from flask_migrate.execution.steps import fit_step, function_suffix, name_of

BINDS = ("archive", "my-bind")


def run(module, *, direction="upgrade", **arguments):
    """Call the fitted function of a step and return what the module noted."""
    function = getattr(module, direction)
    step = SimpleNamespace(migration_fn=function, revision=SimpleNamespace(module=module))
    fit_step(step, binds=BINDS).migration_fn(**arguments)
    return module.called


def single():
    """A file that was written for one database."""
    module = SimpleNamespace(called=[])

    def upgrade():
        module.called.append("upgrade")

    module.upgrade = upgrade
    return module


def several(*suffixes):
    """A file that was written for several databases."""
    module = SimpleNamespace(called=[])

    def upgrade(engine_name):
        module.called.append(engine_name)

    module.upgrade = upgrade
    for suffix in suffixes:
        setattr(module, f"upgrade_{suffix}", upgrade)
    return module


@pytest.mark.parametrize("arguments", [{}, {"engine_name": ""}])
def test_a_file_for_one_database_runs_on_the_default_one(arguments):
    assert run(single(), **arguments) == ["upgrade"]


def test_a_file_for_one_database_does_nothing_on_a_bind():
    assert run(single(), engine_name="archive") == []


def test_a_file_for_one_database_runs_on_a_database_that_is_no_bind_of_the_application():
    assert run(single(), engine_name="engine1") == ["upgrade"]


def test_a_file_for_several_databases_is_told_which():
    assert run(several("", "archive"), engine_name="archive") == ["archive"]
    assert run(several("", "my_bind"), engine_name="my-bind") == ["my-bind"]


def test_a_file_for_several_databases_runs_on_a_single_one_as_the_default():
    assert run(several("", "archive")) == [""]


def test_a_file_that_is_older_than_a_bind_does_nothing_on_it():
    assert run(several("", "archive"), engine_name="my-bind") == []


def test_a_file_that_decides_by_itself_is_always_called():
    assert run(several(), engine_name="my-bind") == ["my-bind"]


def test_a_wrapper_that_takes_anything_is_given_what_env_py_gives():
    module = SimpleNamespace(called=[])

    def wrapper(*_, **arguments):
        module.called.append(arguments)

    module.upgrade = wrapper

    assert run(module) == [{}]
    assert run(module, engine_name="engine1") == [{}, {"engine_name": "engine1"}]


def test_other_arguments_of_env_py_are_passed_on():
    module = SimpleNamespace(called=[])

    def upgrade(tenant):
        module.called.append(tenant)

    module.upgrade = upgrade
    assert run(module, tenant="acme") == ["acme"]


def test_a_stamp_has_no_function_and_stays_as_it_is():
    stamp = SimpleNamespace(is_upgrade=True)

    assert fit_step(stamp, binds=BINDS) is stamp


def test_a_bind_key_becomes_a_part_of_a_name():
    assert function_suffix("my-bind.2") == "my_bind_2"


def test_a_step_is_called_by_the_first_line_of_its_text():
    script = SimpleNamespace(revision="a1", doc="Revision ID: a1\nRevises: ")

    assert name_of(SimpleNamespace(revision=script)) == "a1 'Revision ID: a1'"
