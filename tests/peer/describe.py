"""Run by either interpreter: what the package offers, as JSON on standard output."""

import inspect
import json
import types

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

import flask_migrate


def main():
    """Print the public names with their parameters, and the commands with their options."""
    print(json.dumps({"names": dict(_names()), "commands": _commands()}))


def _names():
    """Yield what may be imported: not what the module itself imported for its own use."""
    wanted = {*dir(flask_migrate), *getattr(flask_migrate, "__all__", ())}
    for name in sorted(wanted):
        if name.startswith("_"):
            continue
        value = getattr(flask_migrate, name)
        module = getattr(value, "__module__", "") or ""
        if isinstance(value, types.ModuleType):
            if value.__name__.startswith("alembic"):
                yield name, {"kind": "module", "of": value.__name__}
        elif inspect.isclass(value) or inspect.isfunction(value):
            if module.startswith(("flask_migrate", "alembic")):
                yield name, _described(value)
        elif isinstance(value, (tuple, str)):
            yield name, {"kind": type(value).__name__, "value": value}


def _described(value):
    if inspect.isfunction(value):
        return {"kind": "function", "parameters": _parameters(value)}
    own = value.__module__.startswith("flask_migrate")
    methods = vars(value).items() if own else ()
    return {
        "kind": "class",
        "of": "" if own else f"{value.__module__}.{value.__qualname__}",
        "methods": {
            name: _parameters(method) for name, method in methods if inspect.isfunction(method)
        },
    }


def _parameters(function):
    return [
        {
            "name": parameter.name,
            "kind": parameter.kind.name,
            "default": None if parameter.default is parameter.empty else repr(parameter.default),
        }
        for parameter in inspect.signature(function).parameters.values()
    ]


def _commands():
    app = Flask("described")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    flask_migrate.Migrate(app, SQLAlchemy(app))
    group = app.cli.commands["db"]
    names = group.list_commands(None)
    commands = {name: group.get_command(None, name) for name in names}
    return {name: _command(command) for name, command in {"": group, **commands}.items()}


def _command(command):
    return {
        "help": command.help,
        "short_help": command.get_short_help_str(200),
        "parameters": [
            {
                "names": [*parameter.opts, *parameter.secondary_opts],
                "kind": parameter.param_type_name,
                "type": parameter.type.name,
                "default": repr(parameter.to_info_dict().get("default")),
                "nargs": parameter.nargs,
                "multiple": getattr(parameter, "multiple", None),
                "is_flag": getattr(parameter, "is_flag", None),
                "required": parameter.required,
                "help": getattr(parameter, "help", None),
            }
            for parameter in command.params
        ],
    }


if __name__ == "__main__":
    main()
