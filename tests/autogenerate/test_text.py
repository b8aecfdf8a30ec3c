"""SQL as it stands in a file, and as it runs."""

import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from flask_migrate.autogenerate.text import escaped


@given(st.text(alphabet=":\\ab1_$' \"%"))
@example("a := 1")
@example("'\\:x'::text, ':ab:c', '\\\\:d'")
def test_what_is_escaped_runs_as_it_was(sql):
    made = sa.text(escaped(sql)).compile(dialect=sa.create_engine("sqlite://").dialect)

    assert str(made) == sql
    assert made.params == {}
