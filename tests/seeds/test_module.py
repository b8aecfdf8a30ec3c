"""Seed 004: the extension in a module `migrations`, the models in a module beside it."""

import pytest

from tests.support.project import Project

MIGRATIONS = """
    from flask import Flask
    from flask_migrate import Migrate
    from flask_sqlalchemy import SQLAlchemy

    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///app.db"

    db = SQLAlchemy(app)
    migrate = Migrate(app, db)
"""
MODELS = """
    from migrations import db


    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        username = db.Column(db.String(80), unique=True, nullable=False)
        email = db.Column(db.String(120), unique=True, nullable=False)

        def __repr__(self):
            return f"<User {self.username}>"
"""
IMPORT = """
    import models
"""


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path, f"sqlite:///{tmp_path}/instance/app.db")
    project.environment["FLASK_APP"] = "migrations.py"
    project.write("migrations.py", MIGRATIONS)
    project.write("models.py", MODELS)
    return project


def test_models_that_nobody_imports_are_named(project):
    """The seed never imports them: a reader who follows it to the letter ends here."""
    project.db("init")

    done = project.db("migrate", "-m", "initial migration")

    assert "No model is registered on the metadata of the application." in done.stderr
    assert f"{project.path}/models.py defines User and was never imported." in done.stderr
    assert not project.versions


def test_the_module_and_the_directory_of_one_name_live_together(project):
    project.write("migrations.py", MIGRATIONS + IMPORT)
    project.db("init")
    project.db("migrate", "-m", "initial migration")
    project.db("upgrade")
    assert project.columns("user") == ["id", "username", "email"]

    project.db("downgrade")

    assert project.tables() == {"alembic_version"}
