"""What a database has said of itself and of the models. A value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from flask_migrate.database.scratch.judged import Judged
from flask_migrate.values.schema import Name, Snapshot

if TYPE_CHECKING:
    from flask_migrate.declarations.events import Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a database has said.

    Attributes:
        tables: The models.
        schemas: The schemas to look at.
        found: What there is.
        ours: The same without what is not ours to change.
        declared: The code that the models declare.
        judged: What the server makes of the models and their code.
    """

    tables: Mapping[Name, sa.Table]
    schemas: Collection[str]
    found: Snapshot
    ours: Snapshot
    declared: "Collection[Declared]"
    judged: Judged

    @property
    def is_as_wanted(self) -> bool:
        """Whether the database has what the models say, and neither has any code."""
        wanted = self.judged.snapshot
        return (
            not (self.found.code or wanted.code or self.declared or self.judged.failed)
            and wanted.schemas <= self.found.schemas
            and self.ours.tables == wanted.tables
            and self.ours.enums == wanted.enums
            and self.ours.domains == wanted.domains
            and self.ours.sequences == wanted.sequences
        )
