"""Models as Python, and declared by running it."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.pairs.models import NAMES, Check, ForeignKey, Index, Unique

_KNOWN = {"sa": sa, "mysql": mysql, "postgresql": postgresql, "C": sa.Column, "NAMES": NAMES}


def declaring(models):
    """Return a function that declares models on a metadata: their source, run."""
    code = compile(source("models", models), "<pair>", "exec")

    def declare(m):
        known = dict(_KNOWN)
        exec(code, known)  # noqa: S102 - we wrote it
        known["models"](m)

    return declare


def source(name, models):
    """Return a function that declares models, as Python."""
    lines = ["m.naming_convention = NAMES"] if models.has_convention else []
    lines += [
        f"{one.name} = sa.Enum({_arguments(map(repr, one.labels))}, name={one.name!r}{one.options})"
        for one in models.enums
    ]
    lines += [
        f"{one.name} = sa.Sequence({one.name!r}, metadata=m{one.options})"
        for one in models.sequences
    ]
    for number, table in enumerate(models.tables):
        lines += _table(f"t{number}", table)
    return f"def {name}(m):\n" + "\n".join(f"    {line}" for line in lines or ["pass"])


def _table(variable, table):
    items = [_column(one) for one in table.columns]
    if table.key is not None:
        items.append(f"sa.PrimaryKeyConstraint({_columns(table.key)}{_named(table.key)})")
    items += [_constraint(one) for one in table.parts if not _is_index(one)]
    items += [f"schema={table.schema!r}"] if table.schema else []
    items += [f"comment={table.comment!r}"] if table.comment is not None else []
    items += table.options
    yield f"{variable} = sa.Table({table.name!r}, m,"
    yield from (f"    {one}," for one in items)
    yield ")"
    yield from (_index(variable, one) for one in table.parts if _is_index(one))


def _column(column):
    arguments = [repr(column.name), column.type.text]
    if column.formula is not None:
        formula = column.formula.name.format(f"sa.column({column.formula.column!r})")
        arguments.append(f"sa.Computed({formula}{column.formula.options})")
    arguments += [column.numbering] if column.numbering else []
    arguments += [] if column.nullable else ["nullable=False"]
    arguments += [f"server_default={column.default.text}"] if column.default else []
    arguments += [f"default={column.in_python.text}"] if column.in_python else []
    arguments += [f"comment={column.comment!r}"] if column.comment is not None else []
    return f"C({_arguments(arguments)}{column.options})"


def _constraint(part):
    match part:
        case Unique():
            return f"sa.UniqueConstraint({_columns(part)}{_named(part)})"
        case Check():
            condition = part.rule.format(f"sa.column({part.columns[0]!r})")
            return f"sa.CheckConstraint({condition}{_named(part)})"
        case ForeignKey():
            refers = [f"{part.target}.{one}" for one in part.target_columns]
            return f"sa.ForeignKeyConstraint({list(part.columns)!r}, {refers!r}{_named(part)})"


def _index(variable, part):
    if isinstance(part, Unique):
        columns = ", ".join(f"{variable}.c[{one!r}]" for one in part.columns)
        return f"sa.Index({part.name!r}, {columns}, unique=True{part.options})"
    columns = ", ".join(
        one.format(f"{variable}.c[{column!r}]")
        for one, column in zip(part.parts, part.columns, strict=True)
    )
    options = part.options.replace("{}", f"{variable}.c[{part.columns[0]!r}]")
    return f"sa.Index({part.name!r}, {columns}{options})"


def _is_index(part):
    return isinstance(part, Index) or (isinstance(part, Unique) and part.is_index)


def _columns(part):
    return _arguments(map(repr, part.columns))


def _named(part):
    name = f", name={part.name!r}" if part.name is not None else ""
    return name + getattr(part, "options", "")


def _arguments(texts):
    return ", ".join(texts)
