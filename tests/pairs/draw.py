"""Draws models, and a second version of them."""

from dataclasses import replace

from tests.pairs.changes import changed
from tests.pairs.models import Column, Enum, Models, Sequence, Table
from tests.pairs.options import draw_options
from tests.pairs.pair import Pair
from tests.pairs.parts import draw_column, draw_comment, draw_key, draw_name, draw_part, often
from tests.pairs.repair import WHOLE, repaired, with_names_of
from tests.pairs.rows import draw_rows
from tests.pairs.types import EVERYWHERE

TABLES = ("users", "groups", "orders", "lines", "Posts")
ENUMS = ("mood", "status")
LABELS = ("new", "open", "closed", "it's", "100%", "a:b", "back\\slash", "grün")


def draw_pair(random, dialect):
    """Return two versions of models, and rows.

    Args:
        random: Makes the choices.
        dialect: The database.
    """
    before = draw_models(random, dialect)
    if often(random, 0.1):
        after = draw_models(random, dialect)
    else:
        after = before
        for _ in range(random.randint(1, 5)):
            after = changed(random, after)
        while after == before:
            after = changed(random, after)
    after = with_names_of(before, after)
    return Pair(before=before, after=after, rows=draw_rows(random, before, after))


def draw_models(random, dialect):
    """Return models that the database accepts."""
    models = Models(dialect=dialect, has_convention=often(random, 0.25))
    models = replace(
        models, enums=tuple(draw_enum(random, one) for one in ENUMS if often(random, 0.4))
    )
    if dialect != "sqlite" and often(random, 0.3):
        models = replace(models, sequences=(draw_sequence(random),))
    for _ in range(random.randint(1, 4)):
        models = replace(models, tables=(*models.tables, draw_table(random, models)))
    # A foreign key may refer to a table that comes later.
    for table in models.tables:
        for _ in range(random.randint(0, 3)):
            part = draw_part(random, models.table(table.full_name), models)
            if part is not None:
                now = models.table(table.full_name)
                models = models.with_table(replace(now, parts=(*now.parts, part)))
    return repaired(models)


def draw_enum(random, name):
    """Return an enum."""
    labels = tuple(random.sample(LABELS, random.randint(1, 4)))
    checked = ", native_enum=False, create_constraint=True"
    options = random.choice(("", "", checked, ", native_enum=False, length=20"))
    return Enum(name=name, labels=labels, options=options)


def draw_sequence(random):
    """Return a sequence."""
    options = random.choice(("", ", start=10", ", increment=5", ", maxvalue=1000, cycle=True"))
    return Sequence(name="numbers", options=options)


def draw_table(random, models):
    """Return a table without constraints but its key."""
    taken = [one.name for one in models.tables]
    id_ = Column(name="id", type=EVERYWHERE[1] if often(random, 0.1) else WHOLE, nullable=False)
    if models.dialect == "postgresql" and often(random, 0.1):
        id_ = replace(id_, numbering="sa.Identity()")
    table = Table(name=draw_name(random, TABLES, taken), columns=(id_,), key=None)
    for _ in range(random.randint(0, 5)):
        table = replace(table, columns=(*table.columns, draw_column(random, table, models)))
    return replace(
        table,
        key=draw_key(random, table),
        schema="other" if models.dialect == "postgresql" and often(random, 0.15) else None,
        comment=draw_comment(random, models) if often(random, 0.1) else None,
        options=draw_options(random, models.dialect),
    )
