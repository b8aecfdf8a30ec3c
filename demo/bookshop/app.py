"""A bookshop: authors and their books, on any database that DATABASE_URL names."""

import os

import click
from flask import Flask
from flask_migrate import Migrate

from models import db
from stock import fill, summary

migrate = Migrate()


def create_app():
    """Return the application."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///bookshop.db")

    db.init_app(app)
    migrate.init_app(app, db)

    @app.cli.command("fill")
    @click.argument("rows", type=int)
    def fill_command(rows):
        """Put so many ROWS into the shop, one in ten of them an author."""
        fill(rows)
        click.echo(f"{rows:,} rows are in.")

    @app.cli.command("count")
    def count_command():
        """Count what the shop has."""
        click.echo(summary())

    return app
