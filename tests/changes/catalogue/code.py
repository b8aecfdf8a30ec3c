"""Views, functions and triggers that models declare through events."""

import re

import sqlalchemy as sa

from tests.changes.change import change, dialect_of, things

C = sa.Column
NO_SUCH_CODE = {"sqlite": "There are no functions but those of the program."}


def table(m, length=20, *, has_name=True):
    names = [C("name", sa.String(length))] if has_name else []
    return things(m, *names, C("size", sa.Integer))


def after(m, create, drop):
    """Run a statement after the tables are made, and one before they are dropped.

    What it makes is noted as the first revision tells of it.
    """
    noted(m, _called(create, dialect_of(m)))
    sa.event.listen(m, "after_create", sa.DDL(create.replace("%", "%%")))
    sa.event.listen(m, "before_drop", sa.DDL(drop.replace("%", "%%")))


def noted(m, what):
    """Say what the first revision tells of, besides tables."""
    m.info.setdefault("code", []).append(what)


def _called(create, dialect):
    kind, name, arguments = _CREATED.match(create).groups()
    kind = kind.removeprefix("UNIQUE ")
    place = re.search(r" ON (\w+)", create) if kind in {"TRIGGER", "INDEX"} else None
    signature = arguments if dialect == "postgresql" else ""
    return f"{kind.lower()} {name}{signature}" + (f" on {place[1]}" if place else "")


_CREATED = re.compile(
    r"CREATE (VIEW|MATERIALIZED VIEW|FUNCTION|TRIGGER|(?:UNIQUE )?INDEX) (\w+)((?:\(\))?)"
)


def viewed(query="SELECT id, name FROM things", length=20, *, kind="VIEW", **options):
    """Return models with a view."""

    def models(m):
        table(m, length, **options)
        after(m, f"CREATE {kind} seen AS {query}", f"DROP {kind} seen")

    return models


def twice_viewed(length=20):
    """Return models with a view of a view."""

    def models(m):
        viewed(length=length)(m)
        after(m, "CREATE VIEW seen_twice AS SELECT name FROM seen", "DROP VIEW seen_twice")

    return models


def counted(body="1"):
    """Return models with a function."""

    def models(m):
        table(m)
        if dialect_of(m) == "sqlite":
            return
        text = {
            "postgresql": "CREATE FUNCTION answer() RETURNS integer LANGUAGE sql "
            f"AS $$ SELECT {body} $$",
            "mariadb": f"CREATE FUNCTION answer() RETURNS integer DETERMINISTIC RETURN {body}",
        }
        after(m, text[dialect_of(m)], "DROP FUNCTION answer")

    return models


TRIGGERS = {
    "sqlite": "CREATE TRIGGER watch AFTER {event} ON things BEGIN SELECT 1; END",
    "mariadb": "CREATE TRIGGER watch AFTER {event} ON things FOR EACH ROW SET @seen = 1",
    "postgresql": "CREATE TRIGGER watch AFTER {event} ON things FOR EACH ROW "
    "EXECUTE FUNCTION watched()",
}
WATCHED = (
    "CREATE FUNCTION watched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
)


def watched(event="INSERT", length=20):
    """Return models with a trigger."""

    def models(m):
        table(m, length)
        if dialect_of(m) == "postgresql":
            after(m, WATCHED, "DROP FUNCTION watched")
        on = " ON things" if dialect_of(m) == "postgresql" else ""
        after(m, TRIGGERS[dialect_of(m)].format(event=event), f"DROP TRIGGER watch{on}")

    return models


def materialized(query="SELECT id, name FROM things"):
    """Return models with a view that keeps its rows, where there are such."""

    def models(m):
        if dialect_of(m) == "postgresql":
            return viewed(query, kind="MATERIALIZED VIEW")(m)
        return table(m)

    return models


ONLY_POSTGRESQL = {"only": ["postgresql"], "because": "A view keeps no rows."}

CHANGES = (
    change("a view is added", table, viewed()),
    change("a view is dropped", viewed(), table),
    change("a view changes", viewed(), viewed("SELECT id, name FROM things WHERE name <> '100%'")),
    change("a view gets a column", viewed(), viewed("SELECT id, name, size FROM things")),
    change("a view loses a column", viewed(), viewed("SELECT id FROM things")),
    change(
        "a view is added that has a hostile text",
        table,
        viewed("SELECT id, 'it''s 100% :x \"y\"' AS said FROM things"),
    ),
    change("a column that a view uses becomes longer", viewed(), viewed(length=40)),
    change("a column that a view of a view uses becomes longer", twice_viewed(), twice_viewed(40)),
    change(
        "a column that a view uses is dropped with it",
        viewed(),
        lambda m: table(m, has_name=False),
    ),
    change(
        "a column that a view uses is dropped, and the view changes",
        viewed(),
        viewed("SELECT id FROM things", has_name=False),
    ),
    change(
        "a column that a view does not use is added",
        viewed("SELECT id FROM things", has_name=False),
        viewed("SELECT id FROM things"),
    ),
    change(
        "a table is made with its view",
        lambda m: things(m, name="others"),
        lambda m: (things(m, name="others"), viewed()(m)),
    ),
    change(
        "a table is dropped with its view",
        lambda m: (things(m, name="others"), viewed()(m)),
        lambda m: things(m, name="others"),
    ),
    change("a materialized view is added", table, materialized(), **ONLY_POSTGRESQL),
    change(
        "a materialized view changes",
        materialized(),
        materialized("SELECT id FROM things"),
        **ONLY_POSTGRESQL,
    ),
    change("a materialized view is dropped", materialized(), table, **ONLY_POSTGRESQL),
    change("a function is added", table, counted(), without=NO_SUCH_CODE),
    change("a function changes", counted(), counted("2"), without=NO_SUCH_CODE),
    change("a function is dropped", counted(), table, without=NO_SUCH_CODE),
    change("a trigger is added", table, watched()),
    change("a trigger changes", watched(), watched("UPDATE")),
    change("a trigger is dropped", watched(), table),
    change("a column of a table with a trigger becomes longer", watched(), watched(length=40)),
)
