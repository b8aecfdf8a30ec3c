"""An application with a default database and the bind "logs"."""

import sqlalchemy as sa

from tests.compat.here import Here

APPLICATION = """
import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
app.config["SQLALCHEMY_BINDS"] = {"logs": os.environ["LOGS_URL"]}
db = SQLAlchemy(app)
migrate = Migrate(app, db)

"""

USER = """
class User(db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
"""

EVENT = """
class Event(db.Model):
    __bind_key__ = "logs"
    __tablename__ = "events"
    id = db.Column(db.Integer, primary_key=True)
"""

EVENT_WITH_TEXT = f"""{EVENT}    text = db.Column(db.String(80))
"""


class HereWithLogs(Here):
    """A project with a default database and the bind "logs".

    Args:
        path: The directory.
        url: The address of the default database.
        logs_url: The address of the bind.
    """

    def __init__(self, path, url, logs_url):
        super().__init__(path, url)
        self.logs_url = logs_url
        self.environment["LOGS_URL"] = logs_url

    def models(self, *definitions, application=APPLICATION):
        """Write `app.py` with these definitions after `db`."""
        self.write("app.py", application + "\n".join(definitions))

    def columns_of_events(self):
        """Return the columns of `events` in the bind, none if there is no such table."""
        inspector = sa.inspect(sa.create_engine(self.logs_url, poolclass=sa.NullPool))
        if "events" not in inspector.get_table_names():
            return []
        return [column["name"] for column in inspector.get_columns("events")]
