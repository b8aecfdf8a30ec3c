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
        open: How many revisions that have not been passed lead down to each one, counted among
            those that can be reached.
    """

    def __init__(self, graph: Graph, wanted: Collection[str], heads: Iterable[str]) -> None:
        self.graph = graph
        self.left = set(wanted)
        begin = {head for head in heads if head in self.left}
        self.tips = [revision for revision in graph.sources if revision in begin]
        self.reached = graph.ancestors(self.tips, with_dependencies=True)
        self.open = dict.fromkeys(self.reached, 0)
        for revision in self.reached:
            for below in graph.requirements[revision]:
                self.open[below] += 1

    def down(self) -> list[str]:
        listed: list[str] = []
        place = 0
        while self.tips:
            revision = self.tips[place]
            if self.open[revision]:
                place = self._first_above(revision)
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
        passed = [revision]
        while passed:
            for below in self.graph.requirements[passed.pop()]:
                self.open[below] -= 1
                if not self.open[below] and below not in self.left:
                    passed.append(below)

    def _first_above(self, revision: str) -> int:
        """Return the place of the first branch that leads down to a revision."""
        if len(self.tips) == 2:  # noqa: PLR2004  (it is the other one)
            return 1 - self.tips.index(revision)
        above = {revision}
        waiting = [revision]
        while waiting:
            for one in self.graph.followers.get(waiting.pop(), ()):
                if one not in above and one in self.reached:
                    above.add(one)
                    waiting.append(one)
        return next(
            place for place, tip in enumerate(self.tips) if tip != revision and tip in above
        )
