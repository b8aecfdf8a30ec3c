"""Makes of any models some that their database accepts: what cannot be is left out."""

from collections import Counter
from dataclasses import replace

from tests.pairs.models import Check, Enum, ForeignKey, Index, Type, Unique
from tests.pairs.rules import CHECKS, FORMULAS
from tests.pairs.types import EVERYWHERE
from tests.pairs.values import defaults, defaults_in_python

WHOLE = EVERYWHERE[0]
_ROUNDS = 4


def enum_type(enum: Enum) -> Type:
    """Return an enum as the type of a column."""
    return Type(text=enum.name, family="enum", limit=enum.labels)


def repaired(models):
    """Return the models without what is not possible."""
    models = replace(models, tables=_distinct(models.tables, lambda one: one.full_name))
    for _ in range(_ROUNDS):  # a key may follow another one that follows another one
        models = replace(models, tables=tuple(_table(one, models) for one in models.tables))
    for position, table in enumerate(models.tables):
        models = models.with_table(_with_late_keys(table, models, position))
    return _without_what_nobody_uses(models)


def _table(table, models):
    columns = _distinct(table.columns, lambda one: one.name)
    if not any(one.name == "id" for one in columns):
        raise AssertionError(table)
    table = replace(table, columns=columns)
    table = replace(table, key=_key(table))
    table = replace(table, columns=tuple(_column(one, table, models) for one in columns))
    parts = tuple(
        one for one in map(_fixed(models), table.parts) if _is_possible(one, table, models)
    )
    parts = _distinct(parts, lambda one: (type(one), one.columns, getattr(one, "rule", 0)))
    parts = _distinct(parts, lambda one: one.name or object())
    return replace(table, parts=parts, options=_options(table, models))


def _distinct(parts, key):
    return tuple({key(one): one for one in reversed(parts)}.values())[::-1]


# ---------------------------------------------------------------- columns


def _key(table):
    if table.key is None:
        return None
    columns = tuple(one for one in table.key.columns if _can_be_key(table.column(one)))
    return replace(table.key, columns=columns or ("id",))


def _can_be_key(column):
    return column is not None and column.type.is_plain and column.formula is None


def _column(column, table, models):
    column = replace(column, type=_type(column, table, models))
    is_key = table.key is not None and column.name in table.key.columns
    if is_key or column.numbering:
        column = replace(column, nullable=False)
    if column.formula is not None:
        column = _computed(column, table)
    if column.numbering and (column.type.family != "whole" or models.dialect != "postgresql"):
        column = replace(column, numbering="")
    if column.default is not None and not _is_default(column, table, models):
        column = replace(column, default=None)
    if column.in_python is not None and column.in_python not in defaults_in_python(column.type):
        column = replace(column, in_python=None)
    return column


def _type(column, table, models):
    for key in table.of(ForeignKey):
        target = models.table(key.target)
        if column.name in key.columns and target is not None:
            found = target.column(key.target_columns[key.columns.index(column.name)])
            if found is not None:
                return found.type
    if column.name == "id" and column.type.family != "whole":
        return WHOLE
    if column.type.family == "enum":
        found = [one for one in models.enums if one.name == column.type.text]
        is_again = (
            found and "create_constraint" in found[0].options and not _is_first(column, table)
        )
        return enum_type(found[0]) if found and not is_again else EVERYWHERE[3]
    if "create_constraint" in column.type.text and not _is_first(column, table):
        return replace(column.type, text="sa.Boolean()")
    return column.type


def _is_first(column, table):
    """Return whether no other column before has the same type: its CHECK has one name."""
    return next(one for one in table.columns if one.type.text == column.type.text) == column


def _computed(column, table):
    other = table.column(column.formula.column)
    if any(other.name in key.columns and key.options for key in table.of(ForeignKey) if other):
        # MariaDB refuses to store it, so that no plain column can be made of it (issue 4).
        return replace(column, formula=None)
    formulas = FORMULAS.get(other.type.family, {}) if other is not None else {}
    if column.formula.name not in formulas or other.formula is not None or other.name == "id":
        return replace(column, formula=None)
    kind = {"whole": "sa.BigInteger()", "text": "sa.Text()"}[other.type.family]
    type_ = next(one for one in EVERYWHERE if one.text == kind)
    return replace(column, type=type_, nullable=True, default=None, in_python=None, numbering="")


def _is_default(column, table, models):
    if column.numbering or column.formula or _refers(column, table) or column.name == "id":
        return False
    if column.default.text.endswith(".next_value()"):
        name = column.default.text.removesuffix(".next_value()")
        return column.type.family == "whole" and any(one.name == name for one in models.sequences)
    return column.default in defaults(column.type, models.dialect)


def _refers(column, table):
    return any(column.name in key.columns for key in table.of(ForeignKey))


# ---------------------------------------------------------------- constraints and indexes


def _fixed(models):
    def fix(part):
        if isinstance(part, Check) and part.name is None and models.has_convention:
            return replace(part, name="rule")
        return part

    return fix


def _is_possible(part, table, models):
    columns = [table.column(one) for one in part.columns]
    if None in columns or len(set(part.columns)) < len(part.columns):
        return False
    match part:
        case Check():
            family = columns[0].type.family
            is_numbered = part.columns == ("id",) and models.dialect == "mariadb"
            rules = {**CHECKS["any"], **CHECKS.get(family, {})}
            return part.rule in rules and not columns[0].formula and not is_numbered
        case ForeignKey():
            return all(not one.formula and not one.numbering for one in columns) and _is_target(
                part, table, models
            )
        case Index():
            return all(one.type.is_plain for one in columns) and _is_index(part, columns)
    return all(one.type.is_plain for one in columns)


def _is_index(index, columns):
    expected = {"sa.func.lower({})": "text", "({} % 7)": "whole"}
    ones = zip(index.parts, columns, strict=True)
    if any(expected.get(part, one.type.family) != one.type.family for part, one in ones):
        return False
    return "where" not in index.options or columns[0].type.family == "whole"


def _is_target(key, table, models):
    target = table if key.target == table.full_name else models.table(key.target)
    if target is None or key.target_columns not in _keys_of(target):
        return False
    if (target.schema, table.schema) == (None, "other"):
        return False
    ends = [(table.column(one), target.column(other)) for one, other in _pairs(key)]
    if any(other is None or one.type != other.type or one is other for one, other in ends):
        return False
    needs_null = "SET NULL" in key.options
    if needs_null and not all(one.nullable for one, _ in ends):
        return False
    return models.dialect != "mariadb" or _is_target_on_mariadb(key, table, target)


def _keys_of(table):
    keys = [table.key.columns] if table.key else []
    return [
        *keys,
        *(one.columns for one in table.of(Unique) if not one.is_index and not one.options),
    ]


def _is_target_on_mariadb(key, table, target):
    checked = {name for one in table.of(Check) for name in one.columns}
    is_recoded = any(
        "charset" in option or "collate" in option for option in (*table.options, *target.options)
    )
    has_text = any(table.column(one).type.family == "text" for one in key.columns)
    return not (key.options and checked & set(key.columns)) and not (is_recoded and has_text)


def _pairs(key):
    return zip(key.columns, key.target_columns, strict=True)


def _with_late_keys(table, models, position):
    """Return a table whose keys that refer to a later table are made last, as cycles must be."""
    later = {one.full_name for one in models.tables[position + 1 :]}
    parts = (
        _late(one, table, later) if isinstance(one, ForeignKey) else one for one in table.parts
    )
    return replace(table, parts=tuple(parts))


def _late(key, table, later):
    options = key.options.replace(", use_alter=True", "")
    if key.target not in later:
        return replace(key, options=options)
    name = key.name or f"fk_{table.name}_{key.columns[0]}"
    return replace(key, name=name, options=options + ", use_alter=True")


# ---------------------------------------------------------------- the rest


def _options(table, models):
    kept = []
    for option in table.options:
        numbered = table.key is not None and table.key.columns == ("id",)
        is_integer = table.column("id").type.text == "sa.Integer()"
        has_name = table.key is not None and (table.key.name or models.has_convention)
        # SQLAlchemy leaves the name of such a key out.
        if "autoincrement" in option and (has_name or not (numbered and is_integer)):
            continue
        if "rowid" in option and (table.key is None or "sqlite_autoincrement=True" in kept):
            continue
        if option.startswith(models.dialect.replace("mariadb", "mysql")):
            kept.append(option)
    return tuple(_distinct(kept, lambda one: one.partition("=")[0]))


def _without_what_nobody_uses(models):
    used = {column.type.text for table in models.tables for column in table.columns}
    names = Counter()
    tables = []
    for table in models.tables:
        parts = []
        for part in table.parts:
            names[part.name] += part.name is not None
            # PostgreSQL has one name for an index in a schema, MariaDB for a key in a database.
            parts += [part] if names[part.name] <= 1 or isinstance(part, Check) else []
        tables.append(replace(table, parts=tuple(parts)))
    return replace(
        models,
        tables=tuple(tables),
        enums=tuple(one for one in models.enums if one.name in used),
        # Without a table there is nothing to compare.
        sequences=models.sequences if tables else (),
    )


def with_names_of(before, models):
    """Return a second version in which nothing is without a name that has one in the first.

    A constraint without a name is content with any.
    """
    models = replace(models, has_convention=models.has_convention or before.has_convention)
    for table in models.tables:
        old = before.table(table.full_name)
        if old is None:
            continue
        key = table.key and old.key and replace(table.key, name=table.key.name or old.key.name)
        names = {(type(one), one.columns): one.name for one in old.parts}
        parts = (
            replace(one, name=one.name or names.get((type(one), one.columns)))
            for one in table.parts
        )
        models = models.with_table(replace(table, key=key or table.key, parts=tuple(parts)))
    return repaired(models)
