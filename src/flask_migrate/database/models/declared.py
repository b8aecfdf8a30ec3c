"""A type that only its text says."""

from typing import Any

from sqlalchemy.types import UserDefinedType


class Declared(UserDefinedType[Any]):
    """A type that only its text says: SQLAlchemy has no type that is written so.

    Attributes:
        text: What stands behind the name of the column; empty for no type at all.
    """

    cache_ok = True

    def __init__(self, text: str) -> None:
        self.text = text

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as it is declared."""
        return self.text
