"""Write what a batch has collected, which is Alembic's and SQLAlchemy's, as text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Constraint,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy import Table as Model
from sqlalchemy.schema import CreateColumn, CreateIndex
from sqlalchemy.types import NullType, TypeEngine, to_instance

from flask_migrate._sqlalchemy import is_of_type
from flask_migrate.database.sqlite import ddl
from flask_migrate.database.sqlite.conflicts import KEY_CONFLICT, NOT_NULL_CONFLICT
from flask_migrate.database.sqlite.ddl import Kind
from flask_migrate.database.sqlite.parse import parse_column, parse_constraint
from flask_migrate.execution.sqlite import changes
from flask_migrate.execution.sqlite.changes import Change
from flask_migrate.execution.sqlite.readings import reading_of

Recorded = tuple[str, tuple[Any, ...], Mapping[str, Any]]
"""What Alembic's batch keeps of an operation: a name, and its arguments."""

_KINDS: dict[type[Constraint], Kind] = {
    PrimaryKeyConstraint: Kind.PRIMARY_KEY,
    UniqueConstraint: Kind.UNIQUE,
    ForeignKeyConstraint: Kind.FOREIGN_KEY,
    CheckConstraint: Kind.CHECK,
}
_OPTIONS = {
    "sqlite_autoincrement": ("AUTOINCREMENT", True),
    "sqlite_with_rowid": ("WITHOUT ROWID", False),
    "sqlite_strict": ("STRICT", True),
}


def translate(batch: Iterable[Recorded], dialect: Dialect) -> tuple[Change, ...]:
    """Return the operations of a batch as text. Comments, which SQLite has not, are left out."""
    return tuple(
        change
        for name, arguments, options in batch
        for change in _translate(name, arguments, options, dialect)
    )


def _translate(
    name: str, arguments: Sequence[Any], options: Mapping[str, Any], dialect: Dialect
) -> Iterator[Change]:
    match name:
        case "add_column":
            yield from _add_column(arguments[1], options, dialect)
        case "drop_column":
            yield changes.DropColumn(
                name=arguments[1].name, if_exists=bool(options.get("if_exists"))
            )
        case "alter_column":
            yield from _alter_column(arguments[1], options, dialect)
        case "add_constraint":
            yield from add_constraints(arguments, dialect)
        case "drop_constraint":
            yield _drop_constraint(arguments[0], options, dialect)
        case "create_index":
            yield _create_index(arguments[0], options, dialect)
        case "drop_index":
            yield changes.DropIndex(
                name=str(arguments[0].name), if_exists=bool(options.get("if_exists"))
            )
        case "rename_table":
            yield changes.RenameTable(new_name=arguments[1])


def _add_column(
    column: Column[Any], options: Mapping[str, Any], dialect: Dialect
) -> Iterator[Change]:
    definition = str(CreateColumn(column).compile(dialect=dialect)).strip()
    yield changes.AddColumn(
        column=parse_column(definition),
        before=options.get("insert_before"),
        after=options.get("insert_after"),
        is_primary_key=column.primary_key,
        unless_exists=bool(options.get("if_not_exists")),
    )
    if options.get("inline_references"):
        # Alembic leaves these to the definition, where it writes them itself.
        keys = [key.constraint for key in column.foreign_keys]
        if len(keys) == 1 and keys[0] is not None and len(keys[0].columns) == 1:
            yield from add_constraints(keys, dialect)


def _alter_column(name: str, options: Mapping[str, Any], dialect: Dialect) -> Iterator[Change]:
    type_ = options.get("type_")
    existing = options.get("existing_type")
    new_type = to_instance(type_) if type_ is not None else None
    default = options.get("server_default", False)
    column = _definition(new_type, default, dialect)
    yield changes.ChangeColumn(
        name=name,
        declared=column.declared_type if new_type is not None else None,
        reading=reading_of(new_type, dialect) if new_type is not None else None,
        collation=_collation(column, new_type, existing),
        not_null=None if options.get("nullable") is None else not options["nullable"],
        default=_default(column, default),
        not_null_conflict=_conflict(options, NOT_NULL_CONFLICT),
        key_conflict=_conflict(options, KEY_CONFLICT),
        before=options.get("insert_before"),
        after=options.get("insert_after"),
    )
    new_name = options.get("name")
    if new_name is not None and new_name != name:
        yield changes.RenameColumn(name=name, new_name=new_name)


def _conflict(options: Mapping[str, Any], name: str) -> str | None:
    return (options[name] or "") if name in options else None


def _definition(type_: TypeEngine[Any] | None, default: Any, dialect: Dialect) -> ddl.Column:
    """Return a column as SQLAlchemy writes it in a CREATE TABLE."""
    # Without a new type, its place is taken by one that nobody looks at.
    column: Column[Any] = Column("x", type_ if type_ is not None else Integer())
    if default is not False and default is not None:
        # Computed and Identity are arguments like server_default: SQLAlchemy sorts them out.
        column = Column("x", column.type, server_default=default)
    Model("x", MetaData(), column)
    return parse_column(str(CreateColumn(column).compile(dialect=dialect)).strip())


def _default(column: ddl.Column, default: Any) -> str | None:
    if default is False:
        return None
    clause = column.clause(Kind.GENERATED) or column.clause(Kind.DEFAULT)
    return clause.body if clause else ""


def _collation(column: ddl.Column, new: TypeEngine[Any] | None, existing: Any) -> str | None:
    """Return the new collation: that of the new type, or none if only the old type had one."""
    clause = column.clause(Kind.COLLATE)
    if clause is not None:
        return clause.expression
    had_one = existing is not None and getattr(to_instance(existing), "collation", None)
    return "" if new is not None and had_one else None


def add_constraints(
    constraints: Iterable[Any], dialect: Dialect, *, only_if_missing: bool = False
) -> Iterator[changes.AddConstraint]:
    """Yield constraints as text; SQLAlchemy writes none for what a database need not have."""
    for constraint in constraints:
        text = _text_of(constraint, dialect)
        if text:
            yield changes.AddConstraint(
                constraint=parse_constraint(text),
                only_if_missing=only_if_missing,
                is_of_type=is_of_type(constraint),
            )


def _text_of(constraint: Constraint, dialect: Dialect) -> str:
    compiler = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]  # (of nothing yet)
    return str(compiler.process(constraint) or "").strip()


def _drop_constraint(
    constraint: Constraint, options: Mapping[str, Any], dialect: Dialect
) -> changes.DropConstraint:
    text = _text_of(constraint, dialect) if is_of_type(constraint) else ""
    name = constraint.name
    return changes.DropConstraint(
        name=str(name) if isinstance(name, str) else None,
        kind=next(
            (kind for class_, kind in _KINDS.items() if isinstance(constraint, class_)), None
        ),
        of_type=parse_constraint(text) if text else None,
        if_exists=bool(options.get("if_exists")),
    )


def _create_index(
    index: Index, options: Mapping[str, Any], dialect: Dialect
) -> changes.CreateIndex:
    statement = CreateIndex(index, if_not_exists=bool(options.get("if_not_exists")))
    return changes.CreateIndex(sql=str(statement.compile(dialect=dialect)).strip())


def options_of(*sources: Mapping[str, Any]) -> dict[str, bool]:
    """Return what arguments for a `Table` say of SQLite; the first source counts."""
    found: dict[str, bool] = {}
    for source in sources:
        for key, (option, meaning) in _OPTIONS.items():
            if key in source:
                found.setdefault(option, bool(source[key]) is meaning)
    return found


def constraints_for(
    model: Model, constraints: Iterable[Constraint], dialect: Dialect
) -> Iterator[changes.AddConstraint]:
    """Yield constraints of a table, which it may have already."""
    given = tuple(constraints)
    for constraint in given:
        _add_parents(constraint, model)
    yield from add_constraints(given, dialect, only_if_missing=True)


def _add_parents(constraint: Constraint, model: Model) -> None:
    """Let a foreign key find what it refers to, which SQLAlchemy wants to see."""
    if not isinstance(constraint, ForeignKeyConstraint):
        return
    for element in constraint.elements:
        name, _, column = element.target_fullname.rpartition(".")
        parent = model.metadata.tables.get(name)
        if parent is None:
            parent = Model(name, model.metadata)
        if column not in parent.c:
            parent.append_column(Column(column, NullType()))
