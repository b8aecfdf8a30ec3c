"""env.py files that somebody wrote or changed by hand."""

import json

import pytest
import sqlalchemy as sa

import flask_migrate
from tests.compat.directories import NO_INI, write_directory
from tests.compat.env import by_hand
from tests.compat.env.by_hand import before_transaction, configured
from tests.compat.tours import tour
from tests.support.project import USER, USER_WITH_PHONE

BROKEN = """
from alembic import op

revision = "f1"
down_revision = None

def upgrade():
    op.execute("SELECT nonsense FROM nowhere")

def downgrade():
    pass
"""


@pytest.mark.parametrize("name", by_hand.WHOLE)
def test_an_env_by_hand_does_everything(sqlite_here, name):
    write_directory(sqlite_here, by_hand.WHOLE[name], ini=NO_INI)
    tour(sqlite_here)


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
@pytest.mark.parametrize("name", ["no-offline", "transaction-per-migration"])
def test_an_env_by_hand_does_everything_on_servers(make_here, dialect, name):
    project = make_here(dialect)
    write_directory(project, by_hand.WHOLE[name], ini=NO_INI)
    tour(project)


BEFORE_TRANSACTION = {
    "sqlite": ("PRAGMA busy_timeout = 5000",),
    "postgresql": ("SET ROLE NONE", "SET lock_timeout = '5s'"),
    "mariadb": ("SET SESSION lock_wait_timeout = 5",),
}


@pytest.mark.parametrize("dialect", BEFORE_TRANSACTION)
def test_what_is_set_on_the_connection_first_does_not_make_the_migration_vanish(make_here, dialect):
    """SQLAlchemy 2 begins a transaction for it, which Alembic then leaves for others to commit."""
    project = make_here(dialect)
    write_directory(project, before_transaction(*BEFORE_TRANSACTION[dialect]), ini=NO_INI)
    tour(project)


def test_a_role_that_is_set_first_owns_what_the_migration_makes(postgresql_here, request):
    project = postgresql_here
    role = f"godwit_test_owner_{project.url.rpartition('_')[2]}"
    name = project.execute("SELECT current_database()")[0][0]
    project.execute(f"CREATE ROLE {role}")
    request.addfinalizer(lambda: project.execute(f"DROP OWNED BY {role}; DROP ROLE {role}"))
    project.execute(
        f"GRANT ALL ON SCHEMA public TO {role}; GRANT CREATE ON DATABASE {name} TO {role}"
    )
    write_directory(project, before_transaction(f"SET ROLE {role}"), ini=NO_INI)
    project.models(USER)
    project.db("migrate", "-m", "create users")
    project.db("upgrade")
    assert project.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'users'") == [
        (role,)
    ]


@pytest.mark.parametrize("fails", ["before", "after"])
def test_an_env_that_tries_again_migrates_once(here, fails):
    write_directory(here, by_hand.TRIES_AGAIN, ini=NO_INI)
    here.models(USER)
    here.db("migrate", "-m", "create users", "--rev-id", "a1", FAILS=fails)
    assert here.newest().count("op.create_table('users'") == 1
    here.db("upgrade", FAILS=fails)
    here.db("check", FAILS=fails)
    assert here.execute("SELECT version_num FROM alembic_version") == [("a1",)]
    report = json.loads(here.db("downgrade", "base", "--json", FAILS=fails).stdout)
    # After a success, a second time is reported as a second database: see `Target.continues`.
    assert sum(len(target["steps"]) for target in report["targets"]) == 1
    assert "users" not in here.tables()


def test_the_options_of_a_command_arrive(sqlite_here, tmp_path):
    project = sqlite_here
    project.environment["SEEN"] = str(tmp_path / "seen.json")
    write_directory(project, by_hand.OPTIONS, ini=NO_INI)
    project.models(USER)

    def seen(*command):
        project.db(*command)
        return json.loads((tmp_path / "seen.json").read_text())

    assert seen("-x", "a=1", "migrate", "-x", "b=2=3") == {
        "autogenerate": True,
        "x": ["a=1", "b=2=3"],
        "as_dictionary": {"a": "1", "b": "2=3"},
        "tag": None,
        "offline": False,
    }
    online = seen("upgrade", "--tag", "nightly", "-x", "flag")
    assert (online["x"], online["as_dictionary"]) == (["flag"], {"flag": ""})
    assert (online["tag"], online["autogenerate"]) == ("nightly", False)
    assert seen("upgrade", "--sql")["offline"] is True
    assert seen("-x", "a=1", "current")["x"] == ["a=1"]
    assert seen("revision", "--autogenerate")["autogenerate"] is True
    assert seen("check")["x"] == []


def test_a_rewriter_has_its_say(sqlite_here):
    write_directory(sqlite_here, by_hand.REWRITES, ini=NO_INI)
    sqlite_here.models(USER)
    sqlite_here.db("migrate", "-m", "create users")
    assert "sa.Column('added_by_rewriter', sa.Integer()" in sqlite_here.newest()


def test_a_callback_of_the_application_has_its_say_in_an_env_of_every_age(sqlite_here):
    callback = """
def never_alone(context, revision, directives):
    directives[0].message = "said by the callback"

migrate.init_app(app, db, process_revision_directives=never_alone)
"""
    write_directory(sqlite_here, by_hand.NAMED_TWICE, ini=NO_INI)
    sqlite_here.models(callback, USER)
    sqlite_here.db("migrate", "-m", "as asked")
    assert '"""said by the callback' in sqlite_here.newest()


def test_on_version_apply_is_called_for_every_revision(here):
    write_directory(here, by_hand.ON_VERSION_APPLY, ini=NO_INI)
    here.models(USER)
    here.db("revision", "-m", "one", "--rev-id", "a1")
    here.db("revision", "-m", "two", "--rev-id", "b2")
    report = json.loads(here.db("upgrade", "--json").stdout)
    assert {"seen_1", "seen_2"} <= here.tables()
    assert report["targets"][0]["after"] == ["b2"]


def test_an_error_that_env_py_swallows_is_an_error(here):
    write_directory(here, by_hand.SWALLOWS, ini=NO_INI)
    here.models(USER)
    here.write("migrations/versions/f1_broken.py", BROKEN)
    failed = here.db("upgrade", exit_code=1)
    assert "The upgrade stopped in f1" in failed.stderr
    assert here.db("current").stdout == ""


def test_include_object_and_include_name_leave_tables_alone(here):
    code = """
def include_object(object, name, type_, reflected, compare_to):
    return not (type_ == "table" and name == "not_ours")

def include_name(name, type_, parent_names):
    return not (type_ == "table" and name == "not_ours_either")
"""
    env = configured(code, include_object="include_object", include_name="include_name")
    write_directory(here, env, ini=NO_INI)
    here.execute("CREATE TABLE not_ours (id INTEGER)")
    here.execute("CREATE TABLE not_ours_either (id INTEGER)")
    tour(here)
    assert {"not_ours", "not_ours_either"} <= here.tables()


def test_render_item_and_a_table_of_versions_of_its_own(here):
    code = """
def render_item(type_, object, autogen_context):
    if type_ == "type" and isinstance(object, db.String):
        autogen_context.imports.add("import sqlalchemy as rendered")
        return "rendered.String(%s)" % object.length
    return False
"""
    env = configured(code, render_item="render_item", version_table="'our_versions'")
    write_directory(here, env, ini=NO_INI)
    tour(here)
    assert here.tables() == {"our_versions"}
    here.db("upgrade", "a1")
    assert (
        "rendered.String(80)" in (here.path / "migrations/versions/a1_create_users.py").read_text()
    )


def test_versions_and_models_in_schemas(postgresql_here):
    project = postgresql_here
    project.execute("CREATE SCHEMA ours")
    project.execute("CREATE SCHEMA theirs")
    project.execute("CREATE TABLE theirs.things (id INTEGER)")
    code = """
def include_name(name, type_, parent_names):
    return name in (None, "ours") if type_ == "schema" else True
"""
    env = configured(
        code,
        include_schemas="True",
        include_name="include_name",
        version_table_schema="'ours'",
    )
    write_directory(project, env, ini=NO_INI)
    in_schema = USER.replace(
        '    __tablename__ = "users"\n',
        '    __tablename__ = "users"\n    __table_args__ = {"schema": "ours"}\n',
    )
    project.models(in_schema)
    project.db("migrate", "-m", "create users", "--rev-id", "a1")
    assert "schema='ours'" in project.newest()
    assert "theirs" not in project.newest()
    assert "CREATE TABLE ours.alembic_version" in project.db("upgrade", "--sql").stdout
    project.db("upgrade")
    project.db("check")
    assert project.execute("SELECT version_num FROM ours.alembic_version") == [("a1",)]
    assert project.db("current").stdout == "a1 (head)\n"
    project.db("downgrade", "base")
    assert not sa.inspect(sa.create_engine(project.url, poolclass=sa.NullPool)).has_table(
        "users", schema="ours"
    )


OWN_OPERATION = """
from alembic.autogenerate import comparators, renderers
from alembic.operations import MigrateOperation, Operations


@Operations.register_operation("create_marker")
class CreateMarker(MigrateOperation):
    def __init__(self, name):
        self.name = name

    @classmethod
    def create_marker(cls, operations, name):
        return operations.invoke(cls(name))

    def reverse(self):
        return DropMarker(self.name)


@Operations.register_operation("drop_marker")
class DropMarker(CreateMarker):
    @classmethod
    def drop_marker(cls, operations, name):
        return operations.invoke(cls(name))


@Operations.implementation_for(CreateMarker)
def create(operations, operation):
    operations.execute("CREATE TABLE marker_%s (id INTEGER)" % operation.name)


@Operations.implementation_for(DropMarker)
def drop(operations, operation):
    operations.execute("DROP TABLE marker_%s" % operation.name)


@renderers.dispatch_for(CreateMarker)
def render_create(autogen_context, operation):
    return "op.create_marker(%r)" % operation.name


@renderers.dispatch_for(DropMarker)
def render_drop(autogen_context, operation):
    return "op.drop_marker(%r)" % operation.name


@comparators.dispatch_for("schema")
def compare(autogen_context, upgrade_ops, schemas):
    import sqlalchemy

    if "marker_one" not in sqlalchemy.inspect(autogen_context.connection).get_table_names():
        upgrade_ops.ops.append(CreateMarker("one"))


def include_object(object, name, type_, reflected, compare_to):
    return not (type_ == "table" and name.startswith("marker_"))
"""


def test_own_operations_and_comparators_registered_in_env_py(sqlite_project):
    """In processes of its own: what is registered with Alembic stays registered."""
    project = sqlite_project
    write_directory(project, configured(OWN_OPERATION, include_object="include_object"), ini=NO_INI)
    project.models(USER)
    project.db("migrate", "-m", "marker")
    assert "op.create_marker('one')" in project.newest()
    # Alembic's op is given create_marker when env.py runs.
    project.db("upgrade")
    assert {"users", "marker_one"} <= project.tables()
    project.python_code("""
        from app import app
        import flask_migrate

        with app.app_context():
            flask_migrate.downgrade(revision="base")
            flask_migrate.upgrade()
            flask_migrate.check()
            flask_migrate.downgrade(revision="base")
    """)
    assert "marker_one" not in project.tables()


def test_a_second_comparison_in_one_process_is_like_the_first(sqlite_project):
    project = sqlite_project
    write_directory(project, configured(OWN_OPERATION, include_object="include_object"), ini=NO_INI)
    project.models(USER)
    project.python_code("""
        from app import app
        import flask_migrate

        with app.app_context():
            flask_migrate.current()
            flask_migrate.migrate(message="marker")
    """)
    assert project.newest().count("op.create_marker('one')") == 1


def test_the_connection_of_the_caller_is_used(here):
    write_directory(here, by_hand.CONNECTION_FROM_ATTRIBUTES, ini=NO_INI)
    callback = """
@migrate.configure
def use_connection(config):
    config.attributes["connection"] = getattr(app, "connection", None)
    return config
"""
    here.models(callback, USER)
    here.db("migrate", "-m", "create users")
    with here.loaded() as module, module.db.engine.connect() as connection:
        module.app.connection = connection
        transaction = connection.begin()
        flask_migrate.upgrade()
        assert "users" in sa.inspect(connection).get_table_names()
        flask_migrate.downgrade()
        assert "users" not in sa.inspect(connection).get_table_names()
        transaction.rollback()
        assert not connection.closed


def test_models_change_on_every_server_with_every_habit_at_once(here):
    """Names twice, own filters, own table of versions, a transaction a migration."""
    code = "def include_object(*_):\n    return True\n"
    env = configured(
        code,
        include_object="include_object",
        version_table="'our_versions'",
        transaction_per_migration="True",
        compare_type="True",
    ).replace("compare_type=True,\n", "compare_type=True,\n        **migrate.configure_args,\n")
    write_directory(here, env, ini=NO_INI)
    tour(here, before=(USER,), after=(USER_WITH_PHONE,))


def test_a_transaction_that_the_database_refuses_is_not_called_a_lost_connection(postgresql_here):
    env = f"""{by_hand.HEAD}
with db.engine.connect() as connection:
    connection.commit_prepared("nothing", recover=True)
"""
    write_directory(postgresql_here, env, ini=NO_INI)
    postgresql_here.models(USER)
    said = postgresql_here.db("current", exit_code=1).stderr
    assert 'prepared transaction with identifier "nothing" does not exist' in said
    assert "No connection" not in said
