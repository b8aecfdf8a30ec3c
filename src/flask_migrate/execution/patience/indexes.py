"""Find what a failed CREATE INDEX CONCURRENTLY has left behind on PostgreSQL."""

from dataclasses import dataclass

from flask_migrate.execution.drivers import literal
from flask_migrate.execution.patience.session import Session
from flask_migrate.execution.patience.statements import IndexBuild

# The server shows only part of that.
_CUT = 900

# To other users a build shows neither table nor index; but every lock can be seen.
_INVALID = """
SELECT format('%I.%I', n.nspname, c.relname), b.pid, a.query
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stat_progress_create_index AS b ON b.index_relid = c.oid
    OR b.relid IS NULL AND b.pid IN (
        SELECT l.pid FROM pg_catalog.pg_locks AS l
        WHERE l.relation = i.indrelid AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted
    )
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid
WHERE NOT i.indisvalid AND i.indrelid = to_regclass({table}) AND c.relname = {name}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidIndex:
    """An index that no query uses.

    Attributes:
        name: Its name with its schema, quoted.
        builder: The session that builds it just now; None if nobody does.
        query: What that session runs, if the server tells.
    """

    name: str
    builder: int | None
    query: str | None

    def is_built_by(self, statement: str) -> bool:
        """Return whether a session runs just this statement to build it."""
        ours, theirs = (" ".join((text or "").split()) for text in (statement, self.query))
        return ours == theirs or (len(theirs) > _CUT and ours.startswith(theirs))


def find_invalid(session: Session, index: IndexBuild) -> InvalidIndex | None:
    """Return the index that a statement is to build if it is there, and INVALID.

    Args:
        session: Where to ask.
        index: The index.
    """
    rows = session.ask(_INVALID.format(table=literal(index.table), name=literal(index.name)))
    for name, builder, text in rows:
        return InvalidIndex(name=name, builder=builder, query=text)
    return None
