"""Seed 002: a table that `create_all` made gets a column, and keeps its rows."""

import pytest

from tests.support.project import Project

APP = """
    from flask import Flask
    from flask_migrate import Migrate
    from flask_sqlalchemy import SQLAlchemy

    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///database.db"

    db = SQLAlchemy(app)
    migrate = Migrate(app, db)


    class Student(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        name = db.Column(db.String(100))
        email = db.Column(db.String(100))
        course = db.Column(db.String(50))
"""
AGE = "        age = db.Column(db.Integer)\n"
CREATE_ALL = "from app import app, db\nwith app.app_context(): db.create_all()"


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path, f"sqlite:///{tmp_path}/instance/database.db")
    project.write("app.py", APP)
    project.python_code(CREATE_ALL)
    project.execute("INSERT INTO student (name, course) VALUES ('Ada', 'Engines')")
    return project


def test_create_all_adds_no_column_and_a_migration_does(project):
    project.write("app.py", APP + AGE)
    project.python_code(CREATE_ALL)
    assert "age" not in project.columns("student")

    project.db("init")
    made = {path.name for path in (project.path / "migrations").iterdir()}
    assert made >= {"versions", "env.py", "script.py.mako", "alembic.ini"}
    project.db("migrate", "-m", "add age column to student")
    project.db("upgrade")

    assert "op.add_column('student', sa.Column('age', sa.Integer()" in project.newest()
    assert project.execute("SELECT name, course, age FROM student") == [("Ada", "Engines", None)]


def test_the_column_goes_and_the_rows_stay(project):
    project.write("app.py", APP + AGE)
    project.db("init")
    project.db("migrate", "-m", "added age column")
    project.db("upgrade")

    project.db("downgrade")

    assert project.columns("student") == ["id", "name", "email", "course"]
    assert project.execute("SELECT name FROM student") == [("Ada",)]
