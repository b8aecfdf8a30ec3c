"""Make views, functions and triggers of the rows of PostgreSQL's catalog. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from flask_migrate.database.snapshots.postgresql_rows import Row, Rows, name_of
from flask_migrate.values.schema import Code, Name


def code_of(rows: Rows, uses: Rows, indexes: Rows) -> tuple[Code, ...]:
    """Return the code that rows tell of, sorted.

    There are two kinds of it more than elsewhere: "procedure", and "index" for one of a
    materialized view, which goes and comes back with it.

    Args:
        rows: The code itself.
        uses: What views read.
        indexes: All indexes.
    """
    read = defaultdict(list)
    for row in uses:
        read[row["id"]].append((name_of(row), row["column"]))
    code = [_code(row, read[row["id"]]) for row in rows]
    return tuple(sorted([*code, *_indexes(indexes)], key=_place))


def _code(row: Row, uses: Iterable[tuple[Name, str]]) -> Code:
    return Code(
        kind=row["kind"],
        name=name_of(row),
        definition=row["definition"].strip().removesuffix(";"),
        table=None if row["table"] is None else name_of(row, "table"),
        signature=row["signature"],
        uses=tuple(sorted(uses)),
        further=tuple(row["further"]),
    )


def _indexes(rows: Rows) -> Iterator[Code]:
    for row in rows:
        if row["view"] is not None:
            yield Code(
                kind="index",
                name=name_of(row),
                definition=row["statement"],
                table=name_of(row, "view"),
            )


def _place(code: Code) -> tuple[str, Name, Name, str]:
    return code.kind, code.name, code.table or code.name, code.definition
