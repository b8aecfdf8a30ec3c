"""What the peer offers to programs and on the command line, Godwit offers too."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

DESCRIBE = Path(__file__).parent / "describe.py"
BY_POSITION = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD")


@pytest.fixture(scope="module")
def offers(peer_python):
    """What each side offers: ours, the peer's."""
    return tuple(_described(python) for python in (sys.executable, peer_python))


def _described(python):
    done = subprocess.run([python, str(DESCRIBE)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _by_position(parameters):
    return [
        (parameter["name"], parameter["default"])
        for parameter in parameters
        if parameter["kind"] in BY_POSITION
    ]


def test_every_name_can_be_imported(offers):
    ours, peer = (set(offer["names"]) for offer in offers)

    assert {"Migrate", "Config", "upgrade", "catch_errors", "alembic_version"} <= peer
    assert peer <= ours


def test_names_of_alembic_are_the_same_objects(offers):
    ours, peer = (offer["names"] for offer in offers)
    borrowed = {name for name in peer if "of" in peer[name] or "value" in peer[name]}

    assert {"AlembicConfig", "CommandError", "alembic_version", "command"} <= borrowed
    assert {name: ours[name].get("of") for name in borrowed} == {
        name: peer[name].get("of") for name in borrowed
    }
    assert ours["alembic_version"] == peer["alembic_version"]


def test_functions_take_the_same_arguments_in_the_same_places(offers):
    ours, peer = (offer["names"] for offer in offers)
    functions = {name for name in peer if peer[name]["kind"] == "function"}

    assert {"upgrade", "migrate", "stamp"} <= functions
    for name in functions:
        wanted = _by_position(peer[name]["parameters"])
        assert _by_position(ours[name]["parameters"])[: len(wanted)] == wanted, name


def test_methods_of_migrate_take_the_same_arguments_in_the_same_places(offers):
    ours, peer = (offer["names"]["Migrate"]["methods"] for offer in offers)

    assert {"__init__", "init_app", "configure", "get_config"} <= set(peer)
    for name, parameters in peer.items():
        assert _by_position(ours[name]) == _by_position(parameters), name
        assert {"VAR_KEYWORD"} & _kinds(parameters) <= _kinds(ours[name]), name


def _kinds(parameters):
    return {parameter["kind"] for parameter in parameters}


def test_every_command_exists(offers):
    ours, peer = (set(offer["commands"]) for offer in offers)

    assert "upgrade" in peer
    assert peer <= ours


def test_every_option_has_the_same_names_default_and_argument(offers):
    ours, peer = (offer["commands"] for offer in offers)

    for command, described in peer.items():
        mine = {_spelling(one): _meaning(one) for one in ours[command]["parameters"]}
        for parameter in described["parameters"]:
            assert mine[_spelling(parameter)] == _meaning(parameter), (command, parameter)


def _spelling(parameter):
    return (parameter["kind"], *parameter["names"])


def _meaning(parameter):
    return {name: value for name, value in parameter.items() if name != "help"}


def test_what_is_ours_alone_has_a_help_text(offers):
    ours, peer = (offer["commands"] for offer in offers)

    for command, described in ours.items():
        assert described["help"], command
        known = {_spelling(one) for one in peer.get(command, {}).get("parameters", ())}
        for parameter in described["parameters"]:
            is_named = parameter["kind"] == "argument" or parameter["help"]
            assert is_named or _spelling(parameter) in known, (command, parameter)
