"""Every setting of a run: its type, its default, its unit."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from typing import Any

from flask_migrate.errors import InvalidSetting

PREFIX = "MIGRATE_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How migrations run.

    Each can be given to `Migrate` by its name, and as a key of ``app.config`` in
    capitals after ``MIGRATE_``, which wins: the second is for what differs between
    development and production.

    Attributes:
        run_lock: Whether only one process at a time may change a database.
        run_lock_timeout: Seconds to wait for a process that changes the database; 0 to
            try once.
        lock_timeout: Seconds that a statement first waits for a lock on a table, and with
            it everybody who comes after it; None or 0 for as long as the server lets it.
        lock_timeout_longest: Seconds up to which `lock_timeout` grows from try to try.
        lock_retry_limit: Seconds after which the tries end.
        statement_timeout: Seconds that a statement may take; None or 0 for as long as the
            server lets it.
    """

    run_lock: bool = True
    run_lock_timeout: float = 300.0
    lock_timeout: float | None = 0.5
    lock_timeout_longest: float = 5.0
    lock_retry_limit: float = 300.0
    statement_timeout: float | None = None


_FIELDS = {field.name: field for field in fields(Settings)}
_NEAR = 0.85
"""How alike two names are that are probably meant to be one."""


def take_settings(arguments: dict[str, Any]) -> dict[str, Any]:
    """Take the settings out of the arguments of `Migrate`, and return them.

    Args:
        arguments: Loses what is a setting; the rest is for Alembic.
    """
    return {name: arguments.pop(name) for name in _FIELDS if name in arguments}


def settings(
    given: Mapping[str, Any], config: Mapping[str, Any], *, others: Iterable[str] = ()
) -> Settings:
    """Return the settings of an application.

    A key that begins with ``MIGRATE_`` and is none of ours may be the application's
    own, unless it is nearly one of ours. So may an argument of `Migrate`.

    Args:
        given: What `Migrate` was given, by name.
        config: The configuration of the application.
        others: What else `Migrate` was given, and that means nothing to Alembic.

    Raises:
        InvalidSetting: A value makes no sense, or a name has a typo.

    >>> settings({"lock_timeout": 2}, {"MIGRATE_LOCK_TIMEOUT": "0.25"}).lock_timeout
    0.25
    """
    keys = {name: f"{PREFIX}{name.upper()}" for name in _FIELDS}
    for key in config:
        if key.startswith(PREFIX):
            _refuse_typo(key, known=keys.values(), hint="Did you mean {}?")
    for argument in others:
        _refuse_typo(argument, known=_FIELDS, hint="Did you mean Migrate(..., {}=...)?")
    configured = {name: config[key] for name, key in keys.items() if key in config}
    return Settings(
        **{name: _read(name, value, keys[name]) for name, value in {**given, **configured}.items()}
    )


def _refuse_typo(name: str, *, known: Iterable[str], hint: str) -> None:
    plain = {_without_prefix(one): one for one in known}
    near = get_close_matches(_without_prefix(name), plain, n=1, cutoff=_NEAR)
    if near and name != plain[near[0]]:
        raise InvalidSetting(f"There is no setting {name}.", hint=hint.format(plain[near[0]]))


def _without_prefix(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _read(name: str, value: Any, key: str) -> Any:
    """Return a value as its type; one from an environment variable is a text."""
    if isinstance(_FIELDS[name].default, bool):
        return _as_flag(value, key)
    may_be_none = _FIELDS[name].type in (float | None, "float | None")
    if may_be_none and (value is None or value is False or _says(value, _NOTHING)):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if isinstance(value, bool) or not 0 <= number < float("inf"):
        nothing = " or None" if may_be_none else ""
        raise InvalidSetting(
            f"{key} is {value!r}.",
            hint=f"It is a number of seconds{nothing}, such as "
            f"{_FIELDS[name].default if _FIELDS[name].default not in (None, MISSING) else 60}.",
        )
    return (number or None) if may_be_none else number


_NOTHING = frozenset({"", "none", "null", "off", "false", "no"})
_YES = frozenset({"true", "yes", "on", "1"})


def _as_flag(value: Any, key: str) -> bool:
    if value is None or value is False or value == 0 or _says(value, _NOTHING | {"0"}):
        return False
    if value is True or value == 1 or _says(value, _YES):
        return True
    raise InvalidSetting(f"{key} is {value!r}.", hint="It is True or False.")


def _says(value: Any, words: frozenset[str]) -> bool:
    return isinstance(value, str) and value.strip().lower() in words
