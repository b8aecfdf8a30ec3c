"""How types, defaults and expressions are written to a file, so that it runs as it is read."""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.dialects.postgresql import DOMAIN, ENUM
from sqlalchemy.sql.elements import conv
from sqlalchemy.types import TypeDecorator, TypeEngine

from flask_migrate._alembic import written_for_postgresql, written_name, written_type
from flask_migrate._sqlalchemy import is_of_type, variants_of
from flask_migrate.autogenerate.text import escaped, expression, written_truth
from flask_migrate.database.models.declared import Declared

_DIALECT = re.compile(r"sqlalchemy\.dialects\.\w+")
_POSTGRESQL = "sqlalchemy.dialects.postgresql"

_WRITTEN_HERE = (DOMAIN, Declared, ENUM)
RenderItem: TypeAlias = Callable[[str, Any, AutogenContext], str | Literal[False] | None]


def render_items(render_item: RenderItem | None) -> RenderItem:
    """Return the function that Alembic asks before it writes a part of an operation.

    Args:
        render_item: That of the application, which is asked first; None for none.
    """

    def render(kind: str, item: Any, context: AutogenContext) -> str | Literal[False] | None:
        given = render_item(kind, item, context) if render_item is not None else False
        if given is not False:
            return given
        match kind:
            case "type":
                return _type(item, context)
            case "server_default":
                return _default(item, context)
            case "check":
                return _check(item, context)
            case "primary_key":
                return _primary_key(item, context)
            case _:
                return False

    return render


def _type(type_: TypeEngine[Any], context: AutogenContext) -> str | Literal[False]:
    """Write a type that Alembic would not write so that the script runs."""
    if type(type_) is sa.Interval:
        return _interval(type_, context)
    made = _written_here(type_, context) if isinstance(type_, _WRITTEN_HERE) else False
    if made is not False:
        return made
    module = type(type_).__module__
    if module.startswith(_POSTGRESQL) and context.dialect.name != "postgresql":
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return written_for_postgresql(context, type_)
    if getattr(type_, "format_is_text_affinity", True) is False:
        # A format of digits only: SQLite is told another type, which Alembic does not write.
        return _declared(Declared(type_.compile(dialect=context.dialect)), context)
    has_prefix = context.opts["user_module_prefix"] is not None
    return False if module.startswith("sqlalchemy.") or has_prefix else _own(type_, context)


def _interval(type_: sa.Interval, context: AutogenContext) -> str:
    """Write an interval with its arguments, of which its `repr` says none."""
    given = {
        "native": None if type_.native else False,
        "second_precision": type_.second_precision,
        "day_precision": type_.day_precision,
    }
    arguments = [f"{name}={value!r}" for name, value in given.items() if value is not None]
    variants = [
        f".with_variant({written_type(context, variant)}, {server!r})"
        for server, variant in variants_of(type_).items()
    ]
    prefix = context.opts["sqlalchemy_module_prefix"] or ""
    return f"{prefix}Interval({', '.join(arguments)}){''.join(variants)}"


def _own(type_: TypeEngine[Any], context: AutogenContext) -> str | Literal[False]:
    """Write a type of the application as the one underneath, or with what to import."""
    module = type(type_).__module__
    if isinstance(type_, TypeDecorator):
        return written_type(context, _public(type_.load_dialect_impl(context.dialect)))
    if getattr(type_, "_variant_mapping", None):
        return False
    context.imports.add(f"import {module}")
    return f"{module}.{type_!r}"


def _public(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return a type as people write it: a driver may have a class of its own for it."""
    for class_ in type(type_).__mro__:
        package = _DIALECT.match(class_.__module__)
        place = import_module(package.group()) if package else sa
        if getattr(place, class_.__name__, None) is class_:
            return type_ if class_ is type(type_) else type_.adapt(class_)
    return type_


def _written_here(type_: Any, context: AutogenContext) -> str | Literal[False]:
    if isinstance(type_, ENUM):
        return False if type_.create_type else _known_enum(type_, context)
    return _domain(type_, context) if isinstance(type_, DOMAIN) else _declared(type_, context)


def _known_enum(type_: ENUM, context: AutogenContext) -> str:
    """Write an enum that is there already, which SQLAlchemy does not say before 2.1."""
    context.imports.add("from sqlalchemy.dialects import postgresql")
    labels = ", ".join(map(repr, type_.enums))
    schema = f", schema={str(type_.schema)!r}" if type_.schema else ""
    return f"postgresql.ENUM({labels}, name={str(type_.name)!r}{schema}, create_type=False)"


def _domain(type_: Any, context: AutogenContext) -> str:
    """Write a domain, which a statement of its own makes, with all that it needs to be found."""
    context.imports.add("from sqlalchemy.dialects import postgresql")
    schema = f", schema={str(type_.schema)!r}" if type_.schema else ""
    inner = written_type(context, type_.data_type)
    return f"postgresql.DOMAIN({str(type_.name)!r}, {inner}{schema}, create_type=False)"


def _declared(type_: Any, context: AutogenContext) -> str:
    """Write a type that SQLAlchemy has not, so that the script needs nothing but SQLAlchemy."""
    prefix = context.opts["sqlalchemy_module_prefix"] or ""
    return (
        f"type('Declared', ({prefix}types.UserDefinedType,), "
        f"{{'get_col_spec': lambda self, **_: {type_.text!r}}})()"
    )


def _default(default: Any, context: AutogenContext) -> str | Literal[False]:
    prefix = context.opts["sqlalchemy_module_prefix"] or ""
    if isinstance(default, sa.Computed):
        kept = "" if default.persisted is None else f", persisted={default.persisted}"
        return f"{prefix}Computed({escaped(expression(default.sqltext, context))!r}{kept})"
    if not isinstance(default, sa.DefaultClause):
        return False
    if isinstance(default.arg, str):
        return repr(str(default.arg))
    truth = written_truth(default.arg, context)
    return truth or f"{prefix}text({escaped(expression(default.arg, context))!r})"


def _primary_key(key: sa.PrimaryKeyConstraint, context: AutogenContext) -> str | Literal[False]:
    """Write a primary key with options, which Alembic leaves out."""
    if not key.dialect_kwargs or not key.columns:
        return False
    prefix = context.opts["sqlalchemy_module_prefix"] or ""
    arguments = [repr(str(column.name)) for column in key.columns]
    if isinstance(key.name, str):
        arguments.append(f"name={written_name(context, key.name)}")
    arguments += [f"{name}={value!r}" for name, value in key.dialect_kwargs.items()]
    return f"{prefix}PrimaryKeyConstraint({', '.join(arguments)})"


def _check(check: sa.CheckConstraint, context: AutogenContext) -> str | None:
    """Write a CHECK; that of a type comes with the type, though Alembic 1.19.0 writes it too."""
    if is_of_type(check):
        return None
    prefix = context.opts["sqlalchemy_module_prefix"] or ""
    found = check.name if isinstance(check.name, str) else _demanded_name(check, context)
    name = f", name={written_name(context, found)}" if found is not None else ""
    options = "".join(f", {key}={value!r}" for key, value in check.dialect_kwargs.items())
    condition = escaped(expression(check.sqltext, context))
    return f"{prefix}CheckConstraint({condition!r}{name}{options})"


def _demanded_name(check: sa.CheckConstraint, context: AutogenContext) -> conv | None:
    """Return a name for a CHECK without one, if no CHECK can be made without: by a convention."""
    given = context.metadata
    every = given if isinstance(given, (list, tuple)) else [given]
    conventions = [dict(one.naming_convention) for one in every if isinstance(one, sa.MetaData)]
    of_checks: tuple[Any, ...] = ("ck", sa.CheckConstraint)
    patterns = [one.get(key) for one in conventions for key in of_checks]
    if not any("%(constraint_name)" in str(one) for one in patterns):
        return None
    nameless = [
        str(one.sqltext)
        for one in check.table.constraints
        if isinstance(one, sa.CheckConstraint) and not isinstance(one.name, str)
    ]
    number = sorted(nameless).index(str(check.sqltext))
    return conv(f"{check.table.name}_check{number or ''}")
