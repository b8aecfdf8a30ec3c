<%
from flask_migrate.alembic_env import bind_functions

functions = bind_functions()
plain = all(name == function for name, function in functions.items())
%>\
"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}

% for direction in ("upgrade", "downgrade"):

def ${direction}(engine_name):
% if plain:
    globals()["${direction}_%s" % engine_name]()
% else:
    {
% for name, function in functions.items():
        ${repr(name)}: ${direction}_${function},
% endfor
    }[engine_name]()
% endif

% endfor
% for name, function in functions.items():
% for direction in ("upgrade", "downgrade"):

def ${direction}_${function}():
    ${context.get("%s_%ss" % (name, direction), "pass")}
% if not (loop.last and loop.parent.last):

% endif
% endfor
% endfor
