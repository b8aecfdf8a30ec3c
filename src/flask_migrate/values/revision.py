"""What a revision file says about itself and about its place in the history."""

from dataclasses import dataclass

VERSION_COLUMN_LENGTH = 32
"""Characters that a revision may have: the length of Alembic's `version_num` column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong but did not stop the command.

    Attributes:
        code: Stable identifier, as of an error.
        message: What is wrong, one sentence.
        hint: What to do about it, or None.
    """

    code: str
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionEntry:
    """One revision file and its place in the history.

    Attributes:
        revision: The identifier.
        parents: What it revises; empty for a base.
        dependencies: Revisions that must be applied before it, of other branches.
        branch_labels: Every label of the branch that it is on.
        children: What revises it.
        message: First paragraph of the docstring.
        description: The whole docstring.
        path: The file.
        is_head: Nothing revises it.
        is_effective_head: Nothing revises it or depends on it.
        is_branch_point: More than one revision revises it.
        is_merge_point: It revises more than one revision.
        is_current: A database has it as its newest; None where no database was asked.
    """

    revision: str
    parents: tuple[str, ...]
    dependencies: tuple[str, ...]
    branch_labels: tuple[str, ...]
    children: tuple[str, ...]
    message: str
    description: str
    path: str
    is_head: bool
    is_effective_head: bool
    is_branch_point: bool
    is_merge_point: bool
    is_current: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchPoint:
    """A revision that more than one revision revises, and those that do."""

    revision: RevisionEntry
    children: tuple[RevisionEntry, ...]
