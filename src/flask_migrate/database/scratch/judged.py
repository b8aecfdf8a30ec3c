"""What a server has said of models."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_migrate.values.schema import Name, Snapshot


class NoScratchPlace(Exception):
    """There is no place to try models in: the rights are missing, or the server only reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a server has said of models.

    Attributes:
        snapshot: What it made of them.
        failed: The tables that it could not make, each with what it said.
    """

    snapshot: Snapshot
    failed: Mapping[Name, str]
