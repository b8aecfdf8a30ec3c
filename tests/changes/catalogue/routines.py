"""Functions, procedures and triggers of the registry."""

import sqlalchemy as sa

from flask_migrate import Function, Trigger, View
from tests.changes.catalogue.code import NO_SUCH_CODE, ONLY_POSTGRESQL, noted, table
from tests.changes.change import change, dialect_of, things

C = sa.Column


BODIES = {
    "postgresql": """
CREATE FUNCTION doubled(given integer{more}) RETURNS {result}
LANGUAGE plpgsql AS $$
BEGIN
  -- 100% of it; twice
    RETURN given * {times};\x20\x20
END
$$
""",
    "mariadb": """
CREATE FUNCTION doubled(given integer{more}) RETURNS {result} DETERMINISTIC
BEGIN
  -- 100% of it; twice
    RETURN given * {times};\x20\x20
END
""",
}


def computing(times=2, *, result="integer", more="", **options):
    """Return models with a function whose text has more than one line."""

    def models(m):
        table(m)
        sql = BODIES.get(dialect_of(m))
        if sql is not None:
            text = sql.format(times=times, result=result, more=more)
            Function(text, metadata=m, **options)
            arguments = f"(given integer{more})" if dialect_of(m) == "postgresql" else ""
            noted(m, f"function doubled{arguments}")

    return models


def with_user(times=2, **options):
    """Return models with a function, and a view and a table that use it."""

    def models(m):
        if dialect_of(m) != "postgresql":
            return table(m)
        computing(times, before_tables=True, **options)(m)
        things(m, C("v", sa.Integer, server_default=sa.text("doubled(2)")), name="users_of_it")
        View("twice", "SELECT doubled(size) AS n FROM things", metadata=m)
        return noted(m, "view twice")

    return models


def procedure(text="1"):
    """Return models with a procedure."""

    def models(m):
        table(m)
        sql = {
            "postgresql": f"CREATE PROCEDURE act() LANGUAGE sql AS $$ SELECT {text} $$",
            "mariadb": f"CREATE PROCEDURE act() SET @acted = {text}",
        }
        if dialect_of(m) in sql:
            Function(sql[dialect_of(m)], metadata=m)
            noted(m, f"procedure act{'()' if dialect_of(m) == 'postgresql' else ''}")

    return models


def overloaded(*, both):
    """Return models with one or two functions of a name."""

    def models(m):
        table(m)
        for argument in ("integer", "text")[: 1 + both]:
            if dialect_of(m) == "postgresql":
                sql = f"CREATE FUNCTION f(a {argument}) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$"
                Function(sql, metadata=m)
                noted(m, f"function f(a {argument})")

    return models


def stamping(body="NEW", event="UPDATE OF name", length=20, *, has_table=True):
    """Return models with a trigger of PostgreSQL and its function, or a plain one elsewhere."""

    def models(m):
        if not has_table:
            return things(m, name="others")
        things(m, name="others")
        table(m, length)
        dialect = dialect_of(m)
        if dialect == "postgresql":
            Function(
                "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql "
                f"AS $$ BEGIN RETURN {body}; END $$",
                metadata=m,
            )
            noted(m, "function stamp()")
        sql = {
            "postgresql": f"CREATE TRIGGER stamp BEFORE {event} ON things FOR EACH ROW "
            "EXECUTE FUNCTION stamp()",
            "mariadb": "CREATE TRIGGER stamp BEFORE UPDATE ON things FOR EACH ROW "
            "SET NEW.name = OLD.name",
            "sqlite": f"CREATE TRIGGER stamp BEFORE {event} ON things BEGIN SELECT OLD.name; END",
        }
        Trigger(sql[dialect], metadata=m)
        return noted(m, "trigger stamp on things")

    return models


HOSTILE = {
    "postgresql": r"""
    CREATE FUNCTION wild(VARIADIC given text[] DEFAULT array['a,b)', E'\\'])
    RETURNS TABLE (n things.id%TYPE, "said Ü" text) LANGUAGE plpgsql STABLE AS $body$
    DECLARE
        here text := format('%I :x %% ''{text}''', given[1]);  -- $$ :y
    BEGIN
        RETURN QUERY EXECUTE 'SELECT $1 % 2, ''\:z''::text' USING 1;
    END
    $body$;
    """,
    "mariadb": r"""
    CREATE FUNCTION wild(`gi``ven` varchar(20) CHARACTER SET latin1) RETURNS text
    NOT DETERMINISTIC READS SQL DATA SQL SECURITY INVOKER COMMENT 'it''s 100% :c'
    BEGIN
        DECLARE here text DEFAULT "a ':x' % '{text}' \\ \"";
        SET @n := 5 % 2;
        RETURN (SELECT concat(here, `gi``ven`, max(name)) FROM things);
    END
    """,
}
FIRED = {
    "postgresql": """CREATE TRIGGER "wil'd" AFTER UPDATE ON things FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.* AND NEW.name LIKE '100% :x {text}')
    EXECUTE FUNCTION fire('it''s', '%')""",
    "mariadb": r"""CREATE TRIGGER `wil'd` AFTER UPDATE ON things FOR EACH ROW
    BEGIN
        IF NEW.name LIKE '100% :x {text}' THEN SET @said := "it's; \\ \'"; END IF;
    END""",
    "sqlite": """CREATE TRIGGER "wil'd" AFTER UPDATE OF name ON things
    WHEN NEW.name LIKE '100% :x {text}' -- ; END
    BEGIN
        SELECT RAISE(ABORT, 'it''s; 100%');
        UPDATE things SET size = size % 2;
    END;""",
}


def wild(text="a"):
    """Return models with a function that has everything in it that could be misread."""

    def models(m):
        table(m)
        sql = HOSTILE.get(dialect_of(m))
        if sql is not None:
            Function(sql.replace("{text}", text), metadata=m)
            arguments = "(VARIADIC given text[])" if dialect_of(m) == "postgresql" else ""
            noted(m, f"function wild{arguments}")

    return models


def fired(text="a"):
    """Return models with a trigger that has everything in it that could be misread."""

    def models(m):
        table(m)
        if dialect_of(m) == "postgresql":
            body = "CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'"
            Function(body, metadata=m)
            noted(m, "function fire()")
        Trigger(FIRED[dialect_of(m)].replace("{text}", text), metadata=m)
        noted(m, "trigger wil'd on things")

    return models


def returning(*columns, length=20):
    """Return models with a function that returns rows of a view, and another view of these."""

    def models(m):
        table(m, length)
        if dialect_of(m) != "postgresql":
            return
        View("seen", f"SELECT {', '.join(columns)} FROM things", metadata=m)
        Function(
            "CREATE FUNCTION all_seen() RETURNS SETOF seen LANGUAGE sql AS 'SELECT * FROM seen'",
            metadata=m,
        )
        View("seen_again", "SELECT id FROM all_seen()", metadata=m)
        for what in ("view seen", "function all_seen()", "view seen_again"):
            noted(m, what)

    return models


CHANGES = (
    change(
        "a view changes that a function returns",
        returning("id", "name"),
        returning("id", "size"),
        **ONLY_POSTGRESQL,
    ),
    change(
        "a column becomes longer of a view that a function returns",
        returning("id", "name"),
        lambda m: returning("id", "name", length=40 if dialect_of(m) == "postgresql" else 20)(m),
        **ONLY_POSTGRESQL,
    ),
    change("a function with a hostile text is added", table, wild(), without=NO_SUCH_CODE),
    change("a function with a hostile text changes", wild(), wild("b"), without=NO_SUCH_CODE),
    change("a function with a hostile text is dropped", wild(), table, without=NO_SUCH_CODE),
    change("a trigger with a hostile text is added", table, fired()),
    change("a trigger with a hostile text changes", fired(), fired("b")),
    change("a trigger with a hostile text is dropped", fired(), table),
    change("a function of some lines is added", table, computing(), without=NO_SUCH_CODE),
    change("a function of some lines changes", computing(), computing(3), without=NO_SUCH_CODE),
    change(
        "a function gets another result",
        computing(),
        computing(result="bigint"),
        without=NO_SUCH_CODE,
    ),
    change(
        "a function gets another argument",
        computing(),
        computing(more=", more integer"),
        without=NO_SUCH_CODE,
    ),
    change(
        "a function that a table and a view use is added", table, with_user(), **ONLY_POSTGRESQL
    ),
    change(
        "a function that a table and a view use changes",
        with_user(),
        with_user(3),
        **ONLY_POSTGRESQL,
    ),
    change(
        "a function that a table and a view use is dropped", with_user(), table, **ONLY_POSTGRESQL
    ),
    change("a procedure is added", table, procedure(), without=NO_SUCH_CODE),
    change("a procedure changes", procedure(), procedure("2"), without=NO_SUCH_CODE),
    change(
        "a function is added that has the name of another one",
        overloaded(both=False),
        overloaded(both=True),
        **ONLY_POSTGRESQL,
    ),
    change(
        "one of two functions of a name is dropped",
        overloaded(both=True),
        overloaded(both=False),
        **ONLY_POSTGRESQL,
    ),
    change("the function of a trigger changes", stamping(), stamping("OLD"), **ONLY_POSTGRESQL),
    change("a column that a trigger names becomes longer", stamping(), stamping(length=40)),
    change("a table is made with its trigger", stamping(has_table=False), stamping()),
    change("a table is dropped with its trigger", stamping(), stamping(has_table=False)),
)
