"""What may be set, how it is read, and that a typo is not lost."""

from dataclasses import fields
from inspect import signature

import pytest
from alembic.runtime.environment import EnvironmentContext
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from flask_migrate import Migrate
from flask_migrate.commands.workspace import unknown_to_alembic
from flask_migrate.errors import InvalidSetting
from flask_migrate.settings import Settings, settings, take_settings
from tests.support.project import USER

NAMES = [field.name for field in fields(Settings)]
MAY_BE_NOTHING = ["lock_timeout", "statement_timeout"]
SECONDS = ["lock_retry_limit", "lock_timeout_longest", "run_lock_timeout", *MAY_BE_NOTHING]
OFF = [None, False, 0, 0.0, "", "0", "off", "none", "None", " NULL ", "False", "no"]


def key(name):
    return f"MIGRATE_{name.upper()}"


def settings_of(app):
    """Return the settings with which the commands of an application run."""
    state = app.extensions["migrate"]
    return settings(state.settings, app.config, others=unknown_to_alembic(state.configure_args))


@pytest.fixture
def seen(monkeypatch):
    """A function that makes an application, and returns its settings."""

    def see(*, config=None, environment=None, early=None, **given):
        for name, text in (environment or {}).items():
            monkeypatch.setenv(name, text)
        app = Flask("shop")
        app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
        app.config.update(config or {})
        app.config.from_prefixed_env()
        db = SQLAlchemy(app)
        Migrate(db=db, **(early or {})).init_app(app, **given)
        return settings_of(app)

    return see


def test_every_setting_is_tested_here():
    assert sorted(NAMES) == sorted(["run_lock", *SECONDS])


@pytest.mark.parametrize("name", SECONDS)
@pytest.mark.parametrize(("value", "read"), [(2, 2.0), (0.25, 0.25), ("3", 3.0), (" 1.5 ", 1.5)])
def test_seconds_are_a_number_or_the_text_of_one(name, value, read):
    for one in (settings({name: value}, {}), settings({}, {key(name): value})):
        assert getattr(one, name) == read
        assert type(getattr(one, name)) is float


@pytest.mark.parametrize("name", SECONDS)
@pytest.mark.parametrize("value", [-1, "-1", "soon", True, "inf", "nan", [], "5 s"])
def test_what_is_no_number_of_seconds_is_refused(name, value):
    with pytest.raises(InvalidSetting) as caught:
        settings({}, {key(name): value})

    assert caught.value.message == f"{key(name)} is {value!r}."
    assert "seconds" in caught.value.hint
    assert ("None" in caught.value.hint) == (name in MAY_BE_NOTHING)


@pytest.mark.parametrize("name", MAY_BE_NOTHING)
@pytest.mark.parametrize("value", OFF)
def test_a_timeout_can_be_off(name, value):
    assert getattr(settings({name: value}, {}), name) is None


@pytest.mark.parametrize("name", sorted({*SECONDS} - {*MAY_BE_NOTHING}))
def test_a_limit_can_be_zero_and_not_off(name):
    assert getattr(settings({name: 0}, {}), name) == 0.0
    for value in (None, False, "off"):
        with pytest.raises(InvalidSetting):
            settings({name: value}, {})


@pytest.mark.parametrize("value", OFF)
def test_a_flag_can_be_off(value):
    assert settings({"run_lock": value}, {}).run_lock is False


@pytest.mark.parametrize("value", [True, 1, "1", "on", "Yes", " true "])
def test_a_flag_can_be_on(value):
    assert settings({"run_lock": value}, {}).run_lock is True


@pytest.mark.parametrize("value", [2, "perhaps", "2", []])
def test_what_is_neither_is_refused(value):
    with pytest.raises(InvalidSetting, match="True or False"):
        settings({"run_lock": value}, {})


def test_the_later_one_wins(seen):
    assert seen() == Settings()
    assert seen(early={"lock_timeout": 1}).lock_timeout == 1
    assert seen(early={"lock_timeout": 1}, lock_timeout=2).lock_timeout == 2
    config = {"MIGRATE_LOCK_TIMEOUT": 3}
    assert seen(lock_timeout=2, config=config).lock_timeout == 3
    environment = {"FLASK_MIGRATE_LOCK_TIMEOUT": "4"}
    assert seen(config=config, environment=environment).lock_timeout == 4


@pytest.mark.parametrize("text", ["null", "false", "0", "off", "none"])
def test_an_environment_may_turn_off(seen, text):
    environment = {"FLASK_MIGRATE_LOCK_TIMEOUT": text, "FLASK_MIGRATE_RUN_LOCK": text}
    found = seen(environment=environment)
    assert (found.lock_timeout, found.run_lock) == (None, False)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("MIGRATE_LOCK_TIMOUT", "MIGRATE_LOCK_TIMEOUT"),
        ("MIGRATE_STATEMENT_TIME_OUT", "MIGRATE_STATEMENT_TIMEOUT"),
        ("MIGRATE_RUNLOCK", "MIGRATE_RUN_LOCK"),
        ("MIGRATE_lock_timeout", "MIGRATE_LOCK_TIMEOUT"),
    ],
)
def test_a_typo_in_the_configuration_is_refused(wrong, right):
    with pytest.raises(InvalidSetting) as caught:
        settings({}, {wrong: 1})

    assert caught.value.message == f"There is no setting {wrong}."
    assert caught.value.hint == f"Did you mean {right}?"


@pytest.mark.parametrize("name", ["MIGRATE_BIRDS", "MIGRATE_TIMEOUT", "LOCK_TIMOUT", "MIGRATE_"])
def test_other_keys_are_the_applications_own(name):
    assert settings({}, {name: 1}) == Settings()


@pytest.mark.parametrize("where", ["early", "given"])
def test_a_typo_in_the_arguments_of_migrate_is_refused(seen, where):
    arguments = {"lock_timout": 2}
    with pytest.raises(InvalidSetting) as caught:
        seen(**({"early": arguments} if where == "early" else arguments))

    assert caught.value.message == "There is no setting lock_timout."
    assert caught.value.hint == "Did you mean Migrate(..., lock_timeout=...)?"


def test_what_alembic_knows_is_never_a_typo(seen):
    known = signature(EnvironmentContext.configure).parameters
    assert unknown_to_alembic([*known, "birds"]) == ["birds"]
    assert seen(transaction_per_migration=True, compare_server_default=True) == Settings()


def test_unknown_arguments_are_passed_on():
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    Migrate(app, SQLAlchemy(app), birds=1, timeout=2, lock_timeout=3)
    state = app.extensions["migrate"]

    assert settings_of(app).lock_timeout == 3
    assert state.configure_args["birds"] == 1
    assert state.configure_args["timeout"] == 2
    assert "lock_timeout" not in state.configure_args


def test_settings_are_taken_out_of_what_alembic_gets():
    arguments = {"lock_timeout": 1, "compare_type": True}
    assert take_settings(arguments) == {"lock_timeout": 1}
    assert arguments == {"compare_type": True}


def test_a_typo_ends_a_command_with_a_sentence(sqlite_project):
    sqlite_project.models(USER)
    app = sqlite_project.path / "app.py"
    app.write_text(app.read_text("utf-8").replace("(app, db", "(app, db, lock_timout=2"), "utf-8")
    done = sqlite_project.db("list-templates", exit_code=1)

    assert "There is no setting lock_timout." in done.stderr
    assert "Traceback" not in done.stderr
