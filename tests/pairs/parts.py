"""Draws columns, constraints and indexes."""

from dataclasses import replace

from tests.pairs.models import (
    Check,
    Column,
    Default,
    ForeignKey,
    Formula,
    Index,
    Key,
    Unique,
)
from tests.pairs.repair import enum_type
from tests.pairs.rules import CHECKS, FORMULAS
from tests.pairs.types import TYPES
from tests.pairs.values import defaults, defaults_in_python

COLUMNS = ("name", "size", "note", "made", "state", "total", "kind", "a", "b")
HOSTILE = ("it's", 'say "hi"', "100%", "%s %d", "a:b", "a\\b", "MixedCase", "select", "grün")
COMMENTS = ("A comment", "it's 100% :a", 'back\\slash "quoted"', "two\nlines", "é")
ACTIONS = (
    "",
    ', ondelete="CASCADE"',
    ', ondelete="SET NULL"',
    ', ondelete="RESTRICT"',
    ', onupdate="CASCADE"',
    ', ondelete="CASCADE", onupdate="SET NULL"',
)
_DEFERRED = (', deferrable=True, initially="DEFERRED"', ", deferrable=True")


def often(random, share):
    """Return whether something that happens in a share of all cases does."""
    return random.random() < share


def draw_name(random, names, taken=()):
    """Return a name, hostile in some cases."""
    free = [one for one in (HOSTILE if often(random, 0.1) else names) if one not in taken]
    return random.choice(free or [f"more{len(taken)}"])


def draw_type(random, models):
    """Return a type, one that everybody uses in most cases."""
    types = TYPES[models.dialect]
    if models.enums and often(random, 0.2):
        return enum_type(random.choice(models.enums))
    return random.choice(types[:8] if often(random, 0.4) else types)


def draw_comment(random, models):
    """Return a comment, where the database has such a thing."""
    return random.choice(COMMENTS) if models.dialect != "sqlite" else None


def draw_default(random, type_, models):
    """Return a server default of a type, or None."""
    found = defaults(type_, models.dialect)
    if type_.family == "whole" and models.sequences and often(random, 0.2):
        return Default(text=f"{random.choice(models.sequences).name}.next_value()")
    return random.choice(found) if found else None


def draw_column(random, table, models):
    """Return a column that a table does not have."""
    type_ = draw_type(random, models)
    column = Column(
        name=draw_name(random, COLUMNS, [one.name for one in table.columns]),
        type=type_,
        nullable=often(random, 0.65),
        default=draw_default(random, type_, models) if often(random, 0.35) else None,
        in_python=(
            random.choice(defaults_in_python(type_) or [None]) if often(random, 0.1) else None
        ),
        comment=draw_comment(random, models) if often(random, 0.1) else None,
    )
    if often(random, 0.1):
        column = replace(column, formula=draw_formula(random, table, models))
    if models.dialect == "postgresql" and type_.family == "whole" and often(random, 0.1):
        column = replace(column, numbering=draw_numbering(random), default=None)
    return column


def draw_numbering(random):
    """Return an IDENTITY."""
    return random.choice(
        ("sa.Identity()", "sa.Identity(always=True)", "sa.Identity(start=100, increment=2)")
    )


def draw_formula(random, table, models):
    """Return what a column is computed from, or None if there is no column for it."""
    bases = [one for one in table.columns if one.type.family in FORMULAS and not one.formula]
    bases = [one for one in bases if one.name != "id"]
    if not bases:
        return None
    base = random.choice(bases)
    name = random.choice(list(FORMULAS[base.type.family]))
    options = ["", ", persisted=False", ", persisted=True"]
    is_stored = models.dialect == "postgresql"
    return Formula(
        column=base.name,
        name=name,
        options=", persisted=True" if is_stored else random.choice(options),
    )


# ---------------------------------------------------------------- constraints and indexes


def draw_key(random, table):
    """Return a primary key, or None."""
    if often(random, 0.7):
        return Key(columns=("id",))
    if often(random, 0.15):
        return None
    others = [one.name for one in table.columns if one.name != "id" and one.type.is_plain]
    columns = ["id", *random.sample(others, min(len(others), random.randint(0, 2)))]
    random.shuffle(columns)
    name = f"pk_{table.name}" if often(random, 0.3) else None
    return Key(columns=tuple(columns), name=name)


def draw_part(random, table, models):
    """Return a constraint or an index, or None if the table has no columns for it."""
    makers = (draw_unique, draw_index, draw_check, draw_foreign_key, draw_index, draw_foreign_key)
    return random.choice(makers)(random, table, models)


def draw_unique(random, table, models):
    """Return a unique constraint or index."""
    columns = _plain(random, table, 2)
    if columns is None:
        return None
    is_index = often(random, 0.4)
    name = f"uq_{table.name}_{columns[0]}"
    options = ""
    if models.dialect == "postgresql" and often(random, 0.3):
        options = random.choice(
            (", postgresql_nulls_not_distinct=True", ", postgresql_include=['id']")
            if is_index
            else (
                ", deferrable=True",
                ', deferrable=True, initially="DEFERRED"',
                ", postgresql_nulls_not_distinct=True",
            )
        )
    is_named = is_index or often(random, 0.6)
    return Unique(
        columns=columns, name=name if is_named else None, is_index=is_index, options=options
    )


def draw_index(random, table, models):
    """Return an index that is not unique."""
    columns = _plain(random, table, 3)
    if columns is None:
        return None
    types = [table.column(one).type.family for one in columns]
    parts = [_part(random, family, models) for family in types]
    options = ""
    if types[0] == "whole" and models.dialect != "mariadb" and often(random, 0.25):
        options = ", postgresql_where={} > 0, sqlite_where={} > 0"
    elif models.dialect == "postgresql" and often(random, 0.2):
        options = random.choice(
            (", postgresql_include=['id']", ", postgresql_with={'fillfactor': 70}")
        )
    return Index(
        columns=columns, name=f"ix_{table.name}_{columns[0]}", parts=tuple(parts), options=options
    )


def _part(random, family, models):
    if often(random, 0.7):
        return "{}"
    if models.dialect == "mariadb" or often(random, 0.4):
        return "{}.desc()"
    if models.dialect == "postgresql" and often(random, 0.3):
        return "{}.desc().nulls_last()"
    return {"text": "sa.func.lower({})", "whole": "({} % 7)"}.get(family, "{}")


def draw_check(random, table, models):
    """Return a CHECK."""
    columns = [one for one in table.columns if not one.formula]
    column = random.choice(columns)
    rules = list(CHECKS.get(column.type.family, CHECKS["any"]))
    name = f"check_{column.name}" if often(random, 0.7) else None
    return Check(columns=(column.name,), rule=random.choice(rules), name=name)


def draw_foreign_key(random, table, models):
    """Return a foreign key, whose columns get the types of those that it refers to."""
    targets = [one for one in models.tables if one.key is not None]
    if not targets:
        return None
    target = random.choice(targets)
    refers = target.key.columns
    uniques = [one for one in target.of(Unique) if not one.is_index]
    if uniques and often(random, 0.2):
        refers = random.choice(uniques).columns
    own = [one.name for one in table.columns if one.name != "id"]
    if len(own) < len(refers):
        return None
    options = random.choice(ACTIONS) if often(random, 0.5) else ""
    if models.dialect != "mariadb" and often(random, 0.2):
        options += random.choice(_DEFERRED)
    name = f"fk_{table.name}_{target.name}" if often(random, 0.5) else None
    return ForeignKey(
        columns=tuple(random.sample(own, len(refers))),
        target=target.full_name,
        target_columns=refers,
        name=name,
        options=options,
    )


def _plain(random, table, most):
    names = [one.name for one in table.columns if one.type.is_plain and one.name != "id"]
    if not names:
        return None
    return tuple(random.sample(names, random.randint(1, min(most, len(names)))))
