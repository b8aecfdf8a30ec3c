"""Migrations directories as they are found in the wild."""

LOGGING_OF_OLD = """
[loggers]
keys = root,sqlalchemy,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARN
handlers = console
qualname =

[logger_sqlalchemy]
level = WARN
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
"""

INI_OF_OLD = f"""
[alembic]
# before there was a logger flask_migrate
{LOGGING_OF_OLD}
"""

INI_OF_TODAY = (
    INI_OF_OLD.replace("root,sqlalchemy,alembic", "root,sqlalchemy,alembic,flask_migrate")
    + """
[logger_flask_migrate]
level = INFO
handlers =
qualname = flask_migrate
"""
)

INI_WITHOUT_LOGGING = """
[alembic]
truncate_slug_length = 20
"""

NO_INI = None

SCRIPT = '''
"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''

SCRIPT_FOR_BINDS = '''
<%
from flask import current_app
names = ["", *(current_app.config.get("SQLALCHEMY_BINDS") or {})]
%>"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()

% for name in names:

def upgrade_${name}():
    ${context.get("%s_upgrades" % name, "pass")}


def downgrade_${name}():
    ${context.get("%s_downgrades" % name, "pass")}

% endfor
'''


def write_directory(project, env, *, ini=INI_OF_TODAY, script=SCRIPT, directory="migrations"):
    """Write a migrations directory, as another tool once did.

    Args:
        project: The project.
        env: The text of env.py.
        ini: The text of alembic.ini, or None for no such file.
        script: The text of script.py.mako.
        directory: Its name.
    """
    project.write(f"{directory}/env.py", env)
    project.write(f"{directory}/script.py.mako", script.lstrip())
    if ini is not None:
        project.write(f"{directory}/alembic.ini", ini)
    (project.path / directory / "versions").mkdir()
