"""How a change of the models is declared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from tests.support.databases import DIALECTS

Models = Callable[[sa.MetaData], Any]
"""Declares tables on a metadata, whose `info["dialect"]` names the database."""

Items = Callable[[], Sequence[Any]]
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Two versions of the models.

    Attributes:
        name: A sentence.
        before: The models that the database was made from.
        after: The models that it is to have.
        without: The databases that have no such thing, each with the reason.
        refused: The databases whose rows refuse it, each with the reason: that is said.
        said: The databases that do something of their own with the rows, which is said.
        one_way: The databases whose rows refuse the way back, each with the reason.
        rows: The rows of tables, as far as they must be special; a table that is not
            named, and a column that a row leaves out, gets some.
        becomes: What a column has afterwards, in the order of the rows, where that is not
            what it had; by "table.column".
        options: What `Migrate` is given besides.
        asked: What `migrate` is given besides.
    """

    name: str
    before: Models
    after: Models
    without: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    one_way: Mapping[str, str] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    becomes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)


def change(name: str, before: Models, after: Models, **more: Any) -> Change:
    """Return a change of whatever the two functions declare on a metadata.

    Args:
        name: A sentence.
        before: Declares the old models.
        after: Declares the new ones.
        **more: `only`, the databases that have such a thing, with `because`, the reason
            for the others; and the attributes of `Change`.
    """
    only = more.pop("only", DIALECTS)
    because = more.pop("because", "")
    others = dict.fromkeys((one for one in DIALECTS if one not in only), because)
    return Change(
        name=name, before=before, after=after, without={**others, **more.pop("without", {})}, **more
    )


def of_table(name: str, before: Items, after: Items, **more: Any) -> Change:
    """Return a change of the table `things`: it has the key `id`, and these items.

    Args:
        name: A sentence.
        before: Returns the old columns and constraints.
        after: Returns the new ones.
        **more: As for `change`.
    """
    return change(
        name, lambda m: things(m, *before()), lambda m: things(m, *after()), **_for_things(more)
    )


def of_column(
    name: str, before: Callable[[], Any], after: Callable[[], Any], **more: Any
) -> Change:
    """Return a change of the column `v` of `things`.

    Args:
        name: A sentence.
        before: Returns the old column, or what `column` makes one of: its type.
        after: Returns the new one.
        **more: As for `change`.
    """
    return of_table(name, lambda: [column(before())], lambda: [column(after())], **more)


def column(given: Any) -> sa.Column[Any]:
    """Return a column as it is; of a type, make a column `v`."""
    return given if isinstance(given, sa.Column) else sa.Column("v", given)


def v(*arguments: Any, **options: Any) -> sa.Column[Any]:
    """Return a column `v`."""
    return sa.Column("v", *arguments, **options)


def on_mariadb(type_: Any) -> Any:
    """Return a type that is a text on every other database."""
    return sa.String(20).with_variant(type_, "mysql", "mariadb")


def on_postgresql(type_: Any) -> Any:
    """Return a type that is a text on every other database."""
    return sa.String(20).with_variant(type_, "postgresql")


def things(m: sa.MetaData, *items: Any, name: str = "things", **options: Any) -> sa.Table:
    """Declare a table with the key `id` and these items."""
    return sa.Table(name, m, sa.Column("id", sa.Integer, primary_key=True), *items, **options)


def dialect_of(m: sa.MetaData) -> str:
    """Return which database the models are for."""
    return m.info["dialect"]


def _for_things(more: dict[str, Any]) -> dict[str, Any]:
    """Return arguments, `values` and `filled` of the column `v` as rows of `things`."""
    if "values" in more:
        more["rows"] = {"things": [{"v": value} for value in more.pop("values")]}
    if "filled" in more:
        more["becomes"] = {"things.v": more.pop("filled")}
    return more
