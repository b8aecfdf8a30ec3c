"""Two versions of models with rows: as Python, and as a change that can be judged."""

from dataclasses import dataclass, field, replace
from typing import Any

from tests.changes.change import Change
from tests.pairs.models import Models, is_known
from tests.pairs.rows import moved, refusals, whole_rows
from tests.pairs.source import declaring, source

_IMPORTS = """\
import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Column as C
from sqlalchemy.dialects import mysql, postgresql

from tests.pairs.models import NAMES
"""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two versions of the models, and rows that both accept.

    Attributes:
        before: The first version.
        after: The second.
        rows: By the name of the table.
    """

    before: Models
    after: Models
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __repr__(self):
        return self.as_python()

    def as_python(self):
        """Return the pair as Python that a change can be made of."""
        rows = {name: some for name, some in self.rows.items() if some}
        lines = [f"    {name!r}: [\n{_listed(some)}    ]," for name, some in rows.items()]
        return "\n".join(
            [
                _IMPORTS,
                source("before", self.before),
                "",
                source("after", self.after),
                "",
                "rows = {",
                *lines,
                "}",
            ]
        )

    def as_change(self, name="a pair"):
        """Return the pair as a change."""
        dialect = self.before.dialect
        whole = whole_rows(self.before, self.rows)
        new = moved(whole, self.before, self.after)
        return Change(
            name=name,
            before=declaring(self.before),
            after=declaring(self.after),
            rows={one.full_name: self.rows.get(one.full_name, []) for one in self.before.tables},
            becomes=dict(_becomes(whole, new)),
            one_way={dialect: "Rows."} if self._is_one_way(whole, new) else {},
            asked={} if self.after.tables else {"allow_empty_models": True},
        )

    def as_no_change(self):
        """Return the pair as a change that makes no difference on the database."""
        nothing = {self.before.dialect: "It is the same."}
        return replace(self.as_change(), without=nothing)

    def _is_one_way(self, whole, new):
        # The way back is written from the database, which has no defaults of Python.
        before = _as_the_database_has_it(self.before)
        back = moved(new, self.after, before)
        if refusals(before, back):
            return True
        return any(
            one[column.name] not in (had[column.name], has[column.name])
            for table in self.before.tables
            if self.after.table(table.full_name)
            for column in table.columns
            if self.after.table(table.full_name).column(column.name)
            for had, has, one in zip(
                whole[table.full_name], new[table.full_name], back[table.full_name], strict=True
            )
        )


def _as_the_database_has_it(models):
    return replace(
        models,
        tables=tuple(
            replace(table, columns=tuple(replace(one, in_python=None) for one in table.columns))
            for table in models.tables
        ),
    )


def _listed(rows):
    return "".join(f"        {row!r},\n" for row in rows)


def _becomes(whole, new):
    """Yield what is not what it was, by "table.column"."""
    for table, rows in new.items():
        old = whole.get(table, [])
        for column in rows[0] if rows else ():
            had = [row.get(column) for row in old]
            is_ = [row[column] for row in rows]
            if had != is_ and all(is_known(one) for one in is_):
                yield f"{table}.{column}", is_
