"""The order in which revisions are listed: the newest first, a branch at a time. Pure."""

from collections.abc import Collection, Iterable

from flask_migrate.revisions.graph.graph import Graph


def newest_first(graph: Graph, wanted: Collection[str], heads: Iterable[str]) -> list[str]:
    """Return revisions so that each comes before all that lead to it.

    One branch is followed down to where another one leads to the same revision, then the other.
    It is the order of Alembic, which users know from `history` and from what runs.

    Args:
        graph: The history.
        wanted: The revisions.
        heads: Where to begin: those of `wanted` that are among them.
    """
    return _Walk(graph, wanted, heads).down()


class _Walk:
    """One way down, along several branches in turn.

    Attributes:
        tips: Where each branch has got to.
        reached: What leads to where it begins, wanted or not.
        passed: What was listed, and what is not wanted and has nothing above it any more.
        open: How many revisions that have not been passed lead down to each one.
    """

    def __init__(self, graph: Graph, wanted: Collection[str], heads: Iterable[str]) -> None:
        self.graph = graph
        self.left = set(wanted)
        begin = {head for head in heads if head in self.left}
        self.tips = [revision for revision in graph.sources if revision in begin]
        self.reached = graph.ancestors(self.tips, with_dependencies=True)
        self.passed: set[str] = set()
        self.open = dict.fromkeys(self.reached, 0)
        for revision in self.reached:
            for below in graph.requirements[revision]:
                self.open[below] += 1

    def down(self) -> list[str]:
        listed: list[str] = []
        place = 0
        while self.tips:
            revision = self.tips[place]
            above = self._first_above(revision) if self.open[revision] else None
            if above is not None:
                place = above
                continue
            listed.append(revision)
            self.left.discard(revision)
            self._pass(revision)
            below = [
                one
                for one in self.graph.requirements[revision]
                if one in self.left and one not in self.tips
            ]
            if below:
                self.tips[place] = below[0]
                self.tips += below[1:]
            else:
                del self.tips[place]
                place = max(place - 1, 0)
        return listed

    def _pass(self, revision: str) -> None:
        """Take note that a revision was passed, and with it what is below and not wanted."""
        waiting = [revision]
        while waiting:
            one = waiting.pop()
            self.passed.add(one)
            for below in self.graph.requirements[one]:
                self.open[below] -= 1
                if not self.open[below] and below not in self.left:
                    waiting.append(below)

    def _first_above(self, revision: str) -> int | None:
        """Return the place of the first branch that leads down to a revision, if one does.

        None does if what is wanted hangs on what is not.
        """
        above = {revision}
        waiting = [revision]
        while waiting:
            for one in self.graph.followers.get(waiting.pop(), ()):
                if one not in above and one in self.reached and one not in self.passed:
                    above.add(one)
                    waiting.append(one)
        others = (place for place, tip in enumerate(self.tips) if tip != revision and tip in above)
        return next(others, None)
