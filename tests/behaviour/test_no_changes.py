"""Nothing to migrate: the answer says why, as far as that can be told."""

import sqlalchemy as sa

NOTHING = "INFO  [flask_migrate] No changes in schema detected.\n"
NO_MODEL = (
    "  No model is registered on the metadata of the application.\n"
    "  Hint: Import the modules that define the models before the command runs, for example in the "
    "application factory.\n"
)

FACTORY = """
import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
migrate = Migrate()


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
    db.init_app(app)
    migrate.init_app(app, db)
    return app
"""

MODELS = """
raise SystemExit("a module with models is read, not imported")

from shop import db


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class Order(db.Model):
    __tablename__ = "orders"
    id: int = db.mapped_column(primary_key=True)


class Form(Base):
    title = "no model"
"""


def test_modules_with_models_that_nobody_imported_are_named(sqlite_project):
    sqlite_project.environment["FLASK_APP"] = "shop"
    sqlite_project.write("shop/__init__.py", FACTORY)
    models = sqlite_project.write("shop/deep/models.py", MODELS)
    sqlite_project.write("shop/deep/broken.py", "class User(db.Model:\n    id = db.Column(")
    sqlite_project.write("shop/views.py", "class View:\n    __tablename__ = 'no base'\n")
    sqlite_project.db("init")

    done = sqlite_project.db("migrate", "-m", "first")

    assert done.stdout == ""
    assert done.stderr.endswith(
        f"{NOTHING}{NO_MODEL}"
        f"  {models} defines User, Order and was never imported.\n"
        "  Hint: Import it where the application is made: import shop.deep.models\n"
    )
    assert sqlite_project.versions == []
    assert "users" not in sqlite_project.tables()


def test_tables_that_create_all_made_are_recognised(application):
    application.users()
    with application.app.app_context():
        application.db.create_all()
        url = application.db.engine.url.render_as_string(hide_password=True)

    done = application.run("migrate")

    assert done.stderr.endswith(
        f"{NOTHING}"
        f"  Every table of the models, users, is in {url} already, and no migration made it: "
        "db.create_all() probably did.\n"
        "  Hint: Remove db.create_all(). Where the data is not needed, drop the tables and run "
        "again; where it is, generate the revision against an empty database and stamp this one: "
        "flask db stamp head\n"
    )
    assert application.versions == []


def test_models_on_another_object_are_found(sqlite_project):
    sqlite_project.models(
        """
        class Base(SQLAlchemy):
            pass

        second = SQLAlchemy()

        class User(second.Model):
            id = second.Column(second.Integer, primary_key=True)

        class Order(second.Model):
            id = second.Column(second.Integer, primary_key=True)
        """
    )
    sqlite_project.db("init")

    done = sqlite_project.db("migrate")

    assert done.problems == (
        f"{NO_MODEL}"
        "  Models are on another metadata, order, user: on that of a second SQLAlchemy() "
        "object, or of a declarative base of their own.\n"
        "  Hint: Give Migrate the object that the models use: Migrate(app, db), or "
        "Migrate(app, db, metadata=Base.metadata).\n"
    )
    assert NOTHING in done.stderr


def test_models_of_a_bind_need_the_template_for_several_databases(make_application, tmp_path):
    application = make_application(
        f"sqlite:///{tmp_path / 'one.db'}", binds={"audit": f"sqlite:///{tmp_path / 'audit.db'}"}
    )
    application.run("init")
    application.db.metadatas["audit"] = sa.MetaData()
    application.users(bind_key="audit", name="event")

    done = application.run("migrate")

    assert done.stderr.endswith(
        "  The model event belongs to the bind 'audit', and this migrations directory is for the "
        "default database only.\n"
        "  Hint: Several databases need another template: flask db init --multidb -d <new>\n"
    )
    assert NOTHING in done.stderr
    assert application.versions == []


def test_one_new_module_that_nobody_imported_is_named_though_other_models_are(sqlite_application):
    sqlite_application.users()
    sqlite_application.run("migrate")
    sqlite_application.run("upgrade")
    order = sqlite_application.write(
        "orders.py", "class Order(db.Model):\n    id = Column(Integer, primary_key=True)\n"
    )

    done = sqlite_application.run("migrate")

    assert done.stderr.endswith(
        f"{NOTHING}"
        f"  {order} defines Order and was never imported.\n"
        "  Hint: Import it where the application is made: import orders\n"
    )


def test_nothing_is_explained_where_nothing_is_wrong(sqlite_application):
    sqlite_application.users()
    sqlite_application.run("migrate")
    sqlite_application.run("upgrade")

    done = sqlite_application.run("migrate")

    assert done.stderr.endswith(NOTHING)


def test_models_that_a_filter_leaves_out_are_named(make_application, sqlite_database):
    application = make_application(
        sqlite_database.url, include_object=lambda thing, name, *_: name != "users"
    )
    application.run("init")
    application.users()

    done = application.run("migrate")

    url = sqlite_database.url
    assert done.stderr.endswith(
        f"{NOTHING}"
        f"  The database {url} lacks users of the models, and include_object or include_name of "
        "the application leaves them out.\n"
        "  Hint: Let them through in env.py, or in what Migrate() is given.\n"
    )


def test_a_schema_that_is_left_out_on_purpose_is_named(make_application, postgresql_database):
    application = make_application(postgresql_database.url, include_schemas=False)
    application.run("init")
    sa.Table("users", application.db.metadata, sa.Column("id", sa.Integer), schema="sales")

    done = application.run("migrate")

    assert done.stderr.endswith(
        "Warning: Models name the schema 'sales', and include_schemas=False leaves it out: what "
        "is there already is taken for missing.\n"
        "Hint: Remove include_schemas: the schemas that models name are compared by themselves.\n"
    )


def test_tables_that_create_all_made_in_a_schema_are_recognised(
    make_application, postgresql_database
):
    application = make_application(postgresql_database.url)
    application.run("init")
    sa.Table("users", application.db.metadata, sa.Column("id", sa.Integer), schema="sales")
    application.execute("CREATE SCHEMA sales")
    with application.app.app_context():
        application.db.create_all()

    assert "  Every table of the models, sales.users, is in " in application.run("migrate").stderr
