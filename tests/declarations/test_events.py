"""What models give to the events of SQLAlchemy."""

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement

from flask_migrate.declarations.events import declared_code
from flask_migrate.values.schema import Name


class OwnView(DDLElement):
    """As in the recipe of SQLAlchemy's wiki."""


@compiles(OwnView)
def _own_view(element, compiler, **_):
    query = sa.select(sa.literal("a%b").label("x"))
    return f"CREATE VIEW own AS {compiler.sql_compiler.process(query, literal_binds=True)}"


@pytest.fixture
def connection(database):
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


@pytest.fixture
def metadata():
    metadata = sa.MetaData()
    sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return metadata


def listen(item, *statements, event="after_create"):
    for one in statements:
        sa.event.listen(item, event, sa.DDL(one) if isinstance(one, str) else one)


def found(metadata, connection):
    return declared_code([metadata], metadata.sorted_tables, connection)


def test_code_is_found_in_the_order_of_create_all(metadata, connection):
    users = metadata.tables["users"]
    listen(metadata, "CREATE VIEW c AS SELECT 1", "CREATE VIEW d AS SELECT 1")
    listen(users, "CREATE VIEW b AS SELECT 1")
    listen(metadata, "CREATE VIEW a AS SELECT 1", event="before_create")

    assert [(one.name.name, one.is_first) for one in found(metadata, connection)] == [
        ("a", True),
        ("b", False),
        ("c", False),
        ("d", False),
    ]


def test_what_is_declared_twice_is_found_once(metadata, connection):
    listen(metadata, *["CREATE VIEW a AS SELECT 1", "CREATE VIEW b AS SELECT 1"] * 2)

    assert [one.name.name for one in found(metadata, connection)] == ["a", "b"]


def test_the_text_is_that_which_the_server_gets(metadata, connection):
    users = metadata.tables["users"]
    listen(users, "CREATE VIEW v AS SELECT '50%%' AS a, ':b' AS c FROM %(fullname)s")
    listen(metadata, OwnView())

    assert [one.text for one in found(metadata, connection)] == [
        "CREATE VIEW v AS SELECT '50%' AS a, ':b' AS c FROM users",
        "CREATE VIEW own AS SELECT 'a%b' AS x",
    ]


def test_only_what_makes_code_is_found(metadata, connection):
    ran = []
    listen(metadata, lambda *_, **__: ran.append(1))
    listen(
        metadata,
        "INSERT INTO users VALUES (1)",
        "GRANT SELECT ON users TO ada",
        "CREATE INDEX i ON users (id)",
        "ALTER TABLE users ADD CHECK (id > 0)",
        "CREATE VIEW v AS SELECT 100%",
    )

    assert found(metadata, connection) == ()
    assert ran == []


def test_more_than_one_statement_is_more_than_one_on_postgresql(metadata, postgresql_database):
    listen(
        metadata, "CREATE VIEW a AS SELECT 1; INSERT INTO users VALUES (1); CREATE VIEW b AS ..."
    )
    engine = sa.create_engine(postgresql_database.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert [one.name.name for one in found(metadata, connection)] == ["a", "b"]


def test_execute_if_is_respected(metadata, connection):
    def is_wanted(ddl, target, bind, **_):
        return bind is connection and ddl.statement.startswith("CREATE VIEW yes")

    here = connection.dialect.name
    listen(
        metadata,
        sa.DDL("CREATE VIEW here AS SELECT 1").execute_if(dialect=(here, "oracle")),
        sa.DDL("CREATE VIEW there AS SELECT 1").execute_if(dialect="oracle"),
        sa.DDL("CREATE VIEW yes AS SELECT 1").execute_if(callable_=is_wanted),
        sa.DDL("CREATE VIEW perhaps AS SELECT 1").execute_if(callable_=is_wanted),
        sa.DDL("CREATE VIEW yes AS SELECT 2").execute_if(
            dialect=here, callable_=lambda *_, **__: 0
        ),
    )

    assert [(one.name.name, one.is_certain) for one in found(metadata, connection)] == [
        ("here", True),
        ("yes", True),
        ("perhaps", False),
    ]


def test_the_default_schema_is_none(metadata, connection):
    default = connection.dialect.default_schema_name
    listen(metadata, f"CREATE VIEW {default}.v AS SELECT 1", "CREATE VIEW far.v AS SELECT 1")

    assert [one.name for one in found(metadata, connection)] == [Name("", "v"), Name("far", "v")]


@pytest.mark.skipif(not hasattr(sa.schema, "CreateView"), reason="SQLAlchemy 2.1 has views.")
def test_a_view_of_sqlalchemy_is_found(metadata, connection):
    users = metadata.tables["users"]
    sa.schema.CreateView(sa.select(users.c.id), "seen", metadata=metadata)

    (view,) = found(metadata, connection)

    assert (view.kind, view.name) == ("view", Name("", "seen"))
    assert view.text.split() == [
        "CREATE",
        "VIEW",
        "seen",
        "AS",
        "SELECT",
        "users.id",
        "FROM",
        "users",
    ]
