"""Histories of every shape, as revision files that are the same on both sides."""

from dataclasses import dataclass, field
from textwrap import dedent

SCRIPT = '''
"""step {name}

Revision ID: {name}
Revises: {revises}
Create Date: 2024-01-02 03:04:05.000006

More about {name}.
"""
from alembic import op
import sqlalchemy as sa

revision = {name!r}
down_revision = {parents!r}
branch_labels = {labels!r}
depends_on = {needs!r}


def upgrade():
    op.create_table("t_{name}", sa.Column("id", sa.Integer(), nullable=False))


def downgrade():
    op.drop_table("t_{name}")
'''


@dataclass(frozen=True, kw_only=True)
class Step:
    """One revision file.

    Attributes:
        name: The revision.
        parents: What it revises, as it stands in the file.
        needs: What it depends on, as it stands in the file.
        labels: Its branch labels, as they stand in the file.
    """

    name: str
    parents: str | tuple[str, ...] | None = None
    needs: str | tuple[str, ...] | None = None
    labels: str | tuple[str, ...] | None = None
    revises: str = field(init=False)

    def __post_init__(self) -> None:
        parents = (self.parents,) if isinstance(self.parents, str) else self.parents or ()
        object.__setattr__(self, "revises", ", ".join(parents))

    @property
    def script(self) -> str:
        """The text of the file."""
        return dedent(SCRIPT).lstrip().format(**vars(self))


BRANCHES = (
    Step(name="aaaa1"),
    Step(name="bbbb2", parents="aaaa1"),
    Step(name="cccc3", parents="aaaa1"),
    Step(name="dddd4", parents="bbbb2", labels=("left",)),
    Step(name="eeee5", parents="cccc3"),
)

HISTORIES = {
    "linear": (
        Step(name="aaaa1"),
        Step(name="bbbb2", parents="aaaa1"),
        Step(name="bbcc3", parents="bbbb2"),
        Step(name="dddd4", parents="bbcc3"),
    ),
    "branches": BRANCHES,
    "merge": (
        *BRANCHES,
        Step(name="ffff6", parents=("dddd4", "eeee5")),
        Step(name="9999a", parents="ffff6"),
    ),
    "dependencies": (
        Step(name="aaaa1", labels=("main",)),
        Step(name="bbbb2", parents="aaaa1"),
        Step(name="cccc3", needs="bbbb2", labels=("other",)),
        Step(name="dddd4", parents="cccc3"),
        Step(name="eeee5", parents="bbbb2", needs=("cccc3",)),
    ),
    "several bases": (
        Step(name="aaaa1", labels="main"),
        Step(name="bbbb2", parents="aaaa1", labels=("left", "right")),
        Step(name="cccc3", labels=["other"]),
        Step(name="dddd4", needs=("main", "cccc3")),
    ),
}


def write_history(twins, name):
    """Start a migrations directory on both sides, with the revisions of a history."""
    twins.models()
    files = {f"migrations/versions/{step.name}_step.py": step.script for step in HISTORIES[name]}
    twins.run(["init"], files)
