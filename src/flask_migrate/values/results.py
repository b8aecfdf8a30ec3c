"""What the verbs return: printed by the command line, dumped by ``--json``."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_migrate.values.revision import BranchPoint, Problem, RevisionEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template that `init` can start a migrations directory from."""

    name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateList:
    """Result of `list_templates`."""

    templates: tuple[Template, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitReport:
    """Result of `init`.

    Attributes:
        directory: The migrations directory, absolute.
        created: Every directory and file that was made, absolute, in order.
    """

    directory: str
    created: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between the models and a database.

    Attributes:
        target: The database: its bind key, or "default".
        kind: Name of the operation that would settle it, such as "add_column".
        description: The same in words.
    """

    target: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionReport:
    """Result of `revision`, `migrate` and `merge`.

    Attributes:
        revisions: What was written; empty if there was nothing to write.
        changes: What the written revisions do, where they were generated.
        reasons: Why nothing was found, as far as that can be told.
        problems: What else a person should know.
    """

    revisions: tuple[RevisionEntry, ...]
    changes: tuple[Change, ...] = ()
    reasons: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditReport:
    """Result of `edit`: the revisions that were opened in an editor."""

    revisions: tuple[RevisionEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One revision that ran in one direction.

    Attributes:
        revision: The revision.
        direction: "upgrade" or "downgrade".
        message: First paragraph of its docstring.
        path: Its file.
        seconds: How long it took.
    """

    revision: str
    direction: str
    message: str
    path: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRun:
    """What a run did to one database.

    Attributes:
        target: Its bind key, or "default".
        url: Where it is, the password hidden.
        before: The revisions it had.
        after: The revisions it has now.
        steps: What ran, in order.
        sql: The statements instead of running them, or None if they ran.
    """

    target: str
    url: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    steps: tuple[StepResult, ...]
    sql: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """Result of `upgrade`, `downgrade`, `stamp` and `ensure_version`.

    Attributes:
        verb: Which of them.
        targets: One entry a database.
        files: The files that the statements were written to, by target.
        problems: What else a person should know.
    """

    verb: str
    targets: tuple[TargetRun, ...]
    files: Mapping[str, str] | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionList:
    """Result of `show`, `history` and `heads`: revisions in the order they are shown."""

    revisions: tuple[RevisionEntry, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchList:
    """Result of `branches`."""

    branches: tuple[BranchPoint, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    """Which revisions one database has.

    Attributes:
        target: Its bind key, or "default".
        url: Where it is, the password hidden.
        revisions: The newest of each branch, with those they depend on.
        unknown: Revisions that the database has and no file describes.
        at_head: It has every head, and nothing else.
    """

    target: str
    url: str
    revisions: tuple[RevisionEntry, ...]
    unknown: tuple[str, ...]
    at_head: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentReport:
    """Result of `current`: one entry a database."""

    targets: tuple[TargetState, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Result of `check`: empty `changes` mean that models and databases agree."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()
