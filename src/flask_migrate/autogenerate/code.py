"""The views, functions and triggers of the models against those of the database.

Code that the models do not declare is dropped in two cases only. A revision made it because the
models declared it then: a comment above the statement says so. Or no revision speaks of it at
all, and somebody asks for `--drop-unknown`. What somebody wrote by hand in a revision is never
touched, but that it goes and comes back where it is in the way of a change.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from flask_migrate.autogenerate.compare.code import (
    compare_code,
    gone_from,
    is_declared,
    key_of,
    lost_with,
    with_sources,
)
from flask_migrate.autogenerate.differences import Differences
from flask_migrate.autogenerate.made import Made
from flask_migrate.autogenerate.sides import Side
from flask_migrate.database.scratch.judged import Judged
from flask_migrate.declarations.events import Declared
from flask_migrate.declarations.statement import VIEWS
from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Code, Snapshot


@dataclass(frozen=True, kw_only=True)
class CodeComparison:
    """Compares code.

    Attributes:
        declared: The statements of the models.
        judged: What the server has made of them.
        found: What there is.
        schemas: The schemas where code can be dropped.
        made: What the revisions have made.
    """

    declared: Collection[Declared]
    judged: Judged
    found: Snapshot
    schemas: Collection[str]
    made: Made

    def added_to(
        self,
        differences: Differences,
        models: Side,
        *,
        is_same: Callable[[Code, Code], bool],
    ) -> tuple[Differences, Side]:
        """Return differences with those of code, and the models with the code that is to be there.

        Args:
            differences: Of everything else.
            models: The models.
            is_same: Whether two of one name are the same.
        """
        gone = gone_from(differences.tables)
        views = {one.name for one in self._models if one.kind in VIEWS}
        lost = lost_with(self._others, self._going, gone=gone, views=views)
        kept = [one for one in self._others if one not in lost]
        code = (*self._models, *kept)
        return (
            replace(
                differences,
                code=tuple(compare_code(self.found.code, code, is_same=is_same)),
                lost=tuple(one for one in lost if one.kind in VIEWS),
            ),
            replace(models, snapshot=replace(models.snapshot, code=code)),
        )

    def problems(self) -> Iterator[Problem]:
        """Yield what a person should know."""
        for one in self._failed:
            yield not_made(one, self.judged.failed[one.owner])
        others = self._others if self.declared else []
        unknown = [one for one in others if self._is_unknown(one) and not self._is_kept(one)]
        if unknown:
            yield left_alone(unknown)

    @cached_property
    def _failed(self) -> list[Declared]:
        return [one for one in self.declared if one.owner in self.judged.failed]

    @cached_property
    def _models(self) -> tuple[Code, ...]:
        return with_sources(self.judged.snapshot.code, self.declared)

    @cached_property
    def _undeclared(self) -> list[Code]:
        known = {key_of(one) for one in self._models}
        return [one for one in self.found.code if key_of(one) not in known]

    @cached_property
    def _going(self) -> list[Code]:
        return [one for one in self._undeclared if self._goes(one)]

    @cached_property
    def _others(self) -> list[Code]:
        return [one for one in self._undeclared if one not in self._going]

    def _goes(self, one: Code) -> bool:
        if self._is_kept(one):
            return False
        if self.made.is_declared(one):
            return True
        return self.made.drop_unknown and self._is_unknown(one)

    def _is_kept(self, one: Code) -> bool:
        """Return whether nothing is said of code: it is elsewhere, or its models are not made."""
        return one.name.schema not in self.schemas or is_declared(one, self._failed)

    def _is_unknown(self, one: Code) -> bool:
        return not self.made.is_spoken_of(one)


def not_made(one: Declared, reason: str) -> Problem:
    """Return what is said of code that the server could not be asked about."""
    return Problem(
        code="code-not-judged",
        message=f"The {one} is left alone, since the server cannot make it: {reason}",
        hint="Correct its statement. It is tried on the tables of the models alone.",
    )


def left_alone(code: Iterable[Code]) -> Problem:
    """Return what is said of code that only the database has."""
    names = ", ".join(map(str, code))
    return Problem(
        code="code-left-alone",
        message="In the database and not in the models, and no revision made it, so it is left "
        f"alone: {names}.",
        hint="If it is to go: flask db migrate --drop-unknown",
    )
