"""A server is asked only about models that differ from what it has."""

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles, deregister
from sqlalchemy.schema import CreateColumn

from flask_migrate.database import judge as room
from flask_migrate.database.judge import judge
from flask_migrate.database.snapshots.read import read_models, read_snapshot
from flask_migrate.declarations.events import Declared
from flask_migrate.values.schema import Name


def ordinary_models(metadata=None, **of_the_last):
    """Models as many applications have them."""
    metadata = metadata or sa.MetaData()
    sa.Table(
        "users",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(120), nullable=False, unique=True, index=True),
        sa.Column("name", sa.String(80), nullable=False, server_default="new"),
        sa.Column("about", sa.Text),
        sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("logins", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("created", sa.DateTime, server_default=sa.func.now()),
        sa.Column("born", sa.Date),
        sa.Column("balance", sa.Numeric(10, 2)),
        sa.Column("kind", sa.Enum("staff", "guest", name="kinds"), server_default="guest"),
        sa.Column("settings", sa.JSON),
        sa.Column("photo", sa.LargeBinary),
        sa.Column("invited_by", sa.ForeignKey("users.id", ondelete="SET NULL")),
    )
    sa.Table(
        "groups",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80)),
        sa.UniqueConstraint("name", name="uq_groups_name"),
    )
    sa.Table(
        "members",
        metadata,
        sa.Column("user_id", sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("group_id", sa.ForeignKey("groups.id", onupdate="CASCADE"), primary_key=True),
        sa.Column("score", sa.Float, **of_the_last),
        sa.Index("ix_members_score_user", "score", "user_id"),
    )
    return metadata


@pytest.fixture
def engine(database):
    engine = sa.create_engine(database.url)
    yield engine
    engine.dispose()


def named(metadata):
    return {Name("", one.name): one for one in metadata.tables.values()}


@pytest.fixture
def asked(monkeypatch):
    """The names of the tables that the server is asked about."""
    names = []

    def ask(connection, tables, **options):
        names.extend(one.name for one in tables)
        return read_models(connection, tables, **options)

    monkeypatch.setattr(room, "read_models", ask)
    return names


def test_nothing_is_asked_where_the_models_are_as_the_database(engine, asked, tmp_path):
    metadata = ordinary_models()
    metadata.create_all(engine)

    with engine.connect() as connection:
        found = read_snapshot(connection, {""})
        judged = judge(connection, named(metadata), found, directory=tmp_path)

    assert asked == []
    assert judged.snapshot.tables == found.tables
    assert judged.snapshot.enums == found.enums
    assert judged.failed == {}


def test_only_what_differs_is_asked_about(engine, asked, tmp_path):
    ordinary_models().create_all(engine)
    changed = ordinary_models(nullable=False)

    with engine.connect() as connection:
        found = read_snapshot(connection, {""})
        judged = judge(connection, named(changed), found, directory=tmp_path)
        whole = read_models(connection, changed.tables.values())

    assert asked == ["members"]
    assert judged == whole
    assert judged.snapshot.tables[Name("", "members")] != found.tables[Name("", "members")]


def test_a_table_is_asked_about_if_its_enum_has_changed(engine, asked, tmp_path):
    ordinary_models().create_all(engine)
    changed = ordinary_models()
    changed.tables["users"].c.kind.type = sa.Enum("staff", "guest", "robot", name="kinds")

    with engine.connect() as connection:
        found = read_snapshot(connection, {""})
        judged = judge(connection, named(changed), found, directory=tmp_path)
        whole = read_models(connection, changed.tables.values())

    has_no_enums = engine.dialect.name == "sqlite"
    assert asked == ([] if has_no_enums else ["users"])
    assert judged.snapshot.tables == {**found.tables, **whole.snapshot.tables}
    assert judged.snapshot.enums == whole.snapshot.enums


@pytest.mark.parametrize(
    "part",
    [
        lambda: sa.CheckConstraint("score > 0", name="positive"),
        lambda: sa.Column("other", sa.Integer, sa.CheckConstraint("other > 0")),
        lambda: sa.Column("twice", sa.Integer, sa.Computed("score * 2", persisted=True)),
        lambda: sa.Column("odd", sa.Integer, sa.Identity(start=3)),
        lambda: sa.Column("sure", sa.Boolean(create_constraint=True, name="sure")),
        lambda: sa.ForeignKeyConstraint(["score"], ["plain.id"], deferrable=True),
    ],
    ids=["check", "check of a column", "computed", "identity", "check of a type", "deferrable"],
)
def test_what_only_a_server_can_write_is_asked_about(engine, asked, part, tmp_path):
    metadata = sa.MetaData()
    for name, parts in (("plain", ()), ("things", (part(),))):
        key, score = sa.Column("id", sa.Integer, primary_key=True), sa.Column("score", sa.Integer)
        sa.Table(name, metadata, key, score, *parts)
    with engine.connect() as connection:
        found = read_models(connection, metadata.tables.values()).snapshot
        judge(connection, named(metadata), found, directory=tmp_path)

    assert asked == ["things"]


def test_an_application_that_writes_its_tables_itself_is_asked_about_all(engine, asked, tmp_path):
    @compiles(CreateColumn)
    def in_capitals(element, compiler, **options):
        return compiler.visit_create_column(element, **options).upper()

    try:
        metadata = ordinary_models()
        with engine.connect() as connection:
            found = read_models(connection, metadata.tables.values()).snapshot
            judge(connection, named(metadata), found, directory=tmp_path)
    finally:
        deregister(CreateColumn)

    assert sorted(asked) == ["groups", "members", "users"]


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_sequences_are_made_even_if_no_table_differs(make_database, dialect, tmp_path):
    metadata = ordinary_models()
    sa.Sequence("numbers", start=5, metadata=metadata)
    engine = sa.create_engine(make_database(dialect).url)
    metadata.create_all(engine)

    with engine.connect() as connection:
        found = read_snapshot(connection, {""})
        judged = judge(connection, named(metadata), found, directory=tmp_path)

    assert judged.snapshot.sequences == found.sequences != {}
    engine.dispose()


def test_a_key_that_comes_later_finds_the_table_that_it_refers_to(engine, tmp_path):
    def models(**options):
        metadata = sa.MetaData()
        target = sa.ForeignKey("users.id", use_alter=True, name="fk_posts_user")
        key = sa.Column("id", sa.Integer, primary_key=True)
        sa.Table("posts", metadata, key, sa.Column("user_id", target, **options))
        sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
        return metadata

    models().create_all(engine)
    changed = models(nullable=False)

    with engine.connect() as connection:
        judged = judge(
            connection, named(changed), read_snapshot(connection, {""}), directory=tmp_path
        )
        whole = read_models(connection, changed.tables.values())

    assert judged == whole
    assert judged.failed == {}


def test_code_needs_only_the_tables_that_it_speaks_of(engine, asked, tmp_path):
    metadata = ordinary_models()
    metadata.create_all(engine)
    text = "CREATE VIEW names AS SELECT name FROM groups"
    if engine.dialect.name == "mysql":
        text = text.replace("groups", "`groups`")
    view = Declared(kind="view", name=Name("", "names"), table=None, text=text)

    with engine.connect() as connection:
        found = read_snapshot(connection, {""})
        judged = judge(connection, named(metadata), found, code=[view], directory=tmp_path)
        whole = read_models(connection, metadata.tables.values(), code=[view])

    assert asked == ["groups"]
    assert judged == whole
    assert [one.name.name for one in judged.snapshot.code] == ["names"]
