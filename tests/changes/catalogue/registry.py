"""Views, functions and triggers of the registry, and what is hard about code.

What is made by a Python function that listens is not declared: nobody knows of it.
"""

import sqlalchemy as sa

from flask_migrate import Function, Trigger, View
from tests.changes.catalogue.code import NO_SUCH_CODE, ONLY_POSTGRESQL, after, noted, table
from tests.changes.change import change, dialect_of, things

C = sa.Column
HOSTILE = 'a%b:c "d" ü'
SERVERS = ("mysql", "mariadb")


def selected(*columns, length=20, **options):
    """Return models with a view of the registry that selects these columns of a table."""

    def models(m):
        table(m, length)
        source = m.tables["things"]
        wanted = [source.c[one] for one in columns or ("id", "name")]
        View("seen", sa.select(*wanted).where(source.c.name != "100%"), metadata=m, **options)
        kept = options.get("materialized") and dialect_of(m) == "postgresql"
        place = f"{options['schema']}." if "schema" in options else ""
        noted(m, f"{'materialized view' if kept else 'view'} {place}seen")

    return models


def hostile(text="x"):
    """Return models whose table, column and view have a name that needs quotes."""

    def models(m):
        source = things(m, C(HOSTILE, sa.String(20)), name=HOSTILE + "s")
        query = sa.select(source.c[HOSTILE]).where(source.c[HOSTILE] != f"{text} % :y '\\")
        View(HOSTILE, query, metadata=m)
        noted(m, f"view {HOSTILE}")

    return models


def tower(*columns, top=True):
    """Return models with views of views of a table, declared in an order that must stay."""

    def models(m):
        table(m)
        View("z_base", f"SELECT {', '.join(columns or ('id', 'name'))} FROM things", metadata=m)
        View("m_middle", "SELECT id FROM z_base", metadata=m)
        names = ["z_base", "m_middle"]
        if top:
            View("a_top", "SELECT id FROM m_middle UNION SELECT id FROM z_base", metadata=m)
            names.append("a_top")
        for name in names:
            noted(m, f"view {name}")

    return models


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


def indexed(query="SELECT id, name FROM things", *, index=True, length=20):
    """Return models with a view that keeps its rows, and an index of it."""

    def models(m):
        table(m, length if dialect_of(m) == "postgresql" else 20)
        if dialect_of(m) == "postgresql":
            after(m, f"CREATE MATERIALIZED VIEW kept AS {query}", "DROP MATERIALIZED VIEW kept")
            if index:
                after(m, "CREATE UNIQUE INDEX kept_id ON kept (id)", "DROP INDEX kept_id")

    return models


def unless_there(query="SELECT id, name FROM things", length=20):
    """Return models with a view that is made only if the database has none of the name."""

    def is_missing(ddl, target, bind, **_):
        return "seen" not in sa.inspect(bind).get_view_names()

    def models(m):
        table(m, length)
        create = sa.DDL(f"CREATE VIEW seen AS {query}".replace("%", "%%"))
        sa.event.listen(m, "after_create", create.execute_if(callable_=is_missing))
        noted(m, "view seen")

    return models


def undeclared(length=20, *, more=False):
    """Return models that know nothing of a view, which a Python function makes."""

    def models(m):
        table(m, length)
        if more:
            things(m, name="others")

        @sa.event.listens_for(m, "after_create")
        def make(target, connection, **_):
            connection.exec_driver_sql("CREATE VIEW hidden AS SELECT id, name FROM things")

    return models


CHANGES = (
    change("a view of the registry is added", table, selected()),
    change("a view of the registry is dropped", selected(), table),
    change("a view of the registry changes", selected(), selected("id", "size")),
    change(
        "a column that a view of the registry uses becomes longer", selected(), selected(length=40)
    ),
    change(
        "a view of the registry that keeps its rows is added", table, selected(materialized=True)
    ),
    change("a view with a hostile name is added", things, hostile()),
    change("a view with a hostile name changes", hostile(), hostile("y")),
    change("views of views are added", table, tower()),
    change("views of views are dropped", tower(), table),
    change("a view that other views read changes", tower(), tower("id", "size")),
    change("a view of views is added", tower(top=False), tower()),
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
    change("a materialized view is added with an index", table, indexed(), **ONLY_POSTGRESQL),
    change(
        "a materialized view with an index changes",
        indexed(),
        indexed("SELECT id FROM things"),
        **ONLY_POSTGRESQL,
    ),
    change("a materialized view gets an index", indexed(index=False), indexed(), **ONLY_POSTGRESQL),
    change(
        "a column that a materialized view with an index uses becomes longer",
        indexed(),
        indexed(length=40),
        **ONLY_POSTGRESQL,
    ),
    change(
        "a view changes that is made where there is none",
        unless_there(),
        unless_there("SELECT id FROM things"),
    ),
    change(
        "a view of another schema is added",
        lambda m: things(m, schema="far"),
        lambda m: (
            things(m, schema="far"),
            View("seen", "SELECT id FROM far.things", metadata=m, schema="far"),
            noted(m, "view far.seen"),
        ),
        **ONLY_POSTGRESQL,
    ),
    change(
        "a view of another schema is dropped",
        lambda m: (
            things(m, schema="far"),
            View("seen", "SELECT id FROM far.things", metadata=m, schema="far"),
            noted(m, "view far.seen"),
        ),
        lambda m: things(m, schema="far"),
        **ONLY_POSTGRESQL,
    ),
    change(
        "a column that a view uses becomes longer, and no model knows of the view",
        undeclared(),
        undeclared(40),
    ),
    change(
        "a table is added where no model knows of a view",
        undeclared(),
        undeclared(more=True),
    ),
)
