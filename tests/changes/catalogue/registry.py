"""Views of the registry, and what is hard about views.

What is made by a Python function that listens is not declared: nobody knows of it.
"""

import sqlalchemy as sa

from flask_migrate import View
from tests.changes.catalogue.code import ONLY_POSTGRESQL, after, noted, table
from tests.changes.change import change, dialect_of, things

C = sa.Column
HOSTILE = 'a%b:c "d" ü'


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
