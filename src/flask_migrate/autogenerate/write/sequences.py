"""PostgreSQL's sequences that no column owns: how they come, change and go."""

from collections.abc import Iterator

from flask_migrate.autogenerate.differences import Differences
from flask_migrate.autogenerate.operations import RunSQL
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Options, Sequence

_WORDS = {
    "as": "AS {}",
    "increment": "INCREMENT BY {}",
    "minvalue": "MINVALUE {}",
    "maxvalue": "MAXVALUE {}",
    "start": "START WITH {}",
    "cache": "CACHE {}",
}
_USUAL = {
    "as": "AS bigint",
    "increment": "INCREMENT BY 1",
    "minvalue": "NO MINVALUE",
    "maxvalue": "NO MAXVALUE",
    "cache": "CACHE 1",
    "cycle": "NO CYCLE",
}


def first(differences: Differences, server: Server) -> Iterator[RunSQL]:
    """Yield what comes before the tables: new sequences, and changes of old ones."""
    for one in differences.sequences:
        if one.after is None:
            continue
        name = server.quoted(one.after.name)
        if one.before is None:
            words = " ".join([f"CREATE SEQUENCE {name}", *_words(one.after.options)])
            yield RunSQL(words)
        else:
            yield RunSQL(" ".join([f"ALTER SEQUENCE {name}", *_changes(one.before, one.after)]))


def last(differences: Differences, server: Server) -> Iterator[RunSQL]:
    """Yield what comes after the tables: sequences that no default needs any more."""
    for one in differences.sequences:
        if one.after is None and one.before is not None:
            yield RunSQL(f"DROP SEQUENCE {server.quoted(one.before.name)}")


def _words(options: Options) -> Iterator[str]:
    for name, value in sorted(options, key=lambda one: one[0] != "as"):
        yield "CYCLE" if name == "cycle" else _WORDS[name].format(value)


def _changes(before: Sequence, after: Sequence) -> Iterator[str]:
    old, new = dict(before.options), dict(after.options)
    changed = tuple((name, value) for name, value in after.options if old.get(name) != value)
    yield from _words(changed)
    for name in sorted(old.keys() - new.keys()):
        yield _USUAL[name] if name != "start" else f"START WITH {_first(new)}"


def _first(options: dict[str, str]) -> str:
    """Return where a sequence starts that nobody says it of."""
    goes_up = not options.get("increment", "1").startswith("-")
    return options.get("minvalue", "1") if goes_up else options.get("maxvalue", "-1")
