"""What a database is, said by its own tools, and by nothing that Godwit has."""

from tests.changes.dumps import mariadb, postgresql, sqlite

_BY_DIALECT = {"sqlite": sqlite, "postgresql": postgresql, "mariadb": mariadb}


def dump(database, metadata):
    """Return the schema of a database as lines that are equal if the schemas are.

    Args:
        database: The database: its `url`, and its `dialect`.
        metadata: The models that it should have: what they leave to the database,
            such as the name of a constraint, may differ.
    """
    return _BY_DIALECT[database.dialect].dump(database, metadata)


def first_difference(one, other):
    """Return the first line of each side that the other one has not, as a sentence."""
    ours, theirs = sorted(set(one) - set(other)), sorted(set(other) - set(one))
    return f"is {_show(ours)}, should be {_show(theirs)}"


def _show(lines):
    return repr(" | ".join(lines)[:300]) if lines else "nothing"
