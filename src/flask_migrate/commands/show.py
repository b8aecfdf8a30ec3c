"""One revision, with everything that its file says."""

from collections.abc import Callable

from flask_migrate.errors import UnknownRevision
from flask_migrate.revisions.graph.entries import entry
from flask_migrate.revisions.graph.names import BASE, SYMBOLS, Names, places, steps_of
from flask_migrate.revisions.history import History
from flask_migrate.values.results import RevisionList


def show(
    history: History, *, revision: str = "head", applied: Callable[[], tuple[str, ...]]
) -> RevisionList:
    """Return the revisions that a symbol stands for.

    Args:
        history: The revisions.
        revision: An identifier, the beginning of one, a symbol such as "head", or
            "current" for those that the database has.
        applied: Asks the databases which they have.

    Raises:
        UnknownRevision: There is none.
        MultipleHeads: "head" stands for several.
    """
    wanted: Names = applied() if revision == "current" else revision
    found = places(history.graph, wanted)
    if BASE in found or not (found or steps_of(revision) is None):
        raise UnknownRevision(revision, known=[*sorted(history.identifiers), *SYMBOLS])
    return RevisionList(
        revisions=tuple(entry(history.graph, one) for one in found if one is not BASE),
        problems=history.problems,
    )
