"""Changes of a table, each as models before and after and as the operations between them."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

Part = sa.Column | sa.Constraint | sa.Index


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change.

    Attributes:
        name: What changes.
        before: What the table has, besides what it keeps.
        after: What it has then.
        run: Calls the operations.
        options: Of the table, before and after.
    """

    name: str
    before: Callable[[], list[Part]] = list
    after: Callable[[], list[Part]] = list
    run: Callable[[], None]
    options: tuple[dict, dict] = ({}, {})
    table: str = "t"


class Old(enum.Enum):
    """An enum ..."""

    A = 1
    B = 2


class New(enum.Enum):
    """... and what becomes of it."""

    A = 1
    B = 2
    LONGER = 3


def tables(parts, *, options=None, name="t", convention=None):
    """Return models with a table that has some parts, and another one to refer to."""
    metadata = sa.MetaData(naming_convention=convention)
    sa.Table(
        "parent",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(5), unique=True),
    )
    sa.Table(
        name,
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(20), nullable=False),
        sa.Column("b", sa.Integer),
        *parts,
        **(options or {}),
    )
    return metadata


def in_batch(*steps, **arguments):
    """Return what carries out some steps in one batch."""

    def run(op):
        with op.batch_alter_table("t", **arguments) as batch:
            for step in steps:
                step(batch)

    return run


def plainly(*steps):
    """Return what carries out some steps one by one."""

    def run(op):
        for step in steps:
            step(op)

    return run


def column(*arguments, **options):
    """Return what makes a column, on each call a new one."""
    return lambda: sa.Column(*arguments, **options)


def made(*parts):
    return lambda: [part() for part in parts]


def adding(name, part, *, steps=None):
    """Return the changes that add and that drop a column."""
    add = steps or (lambda batch: batch.add_column(part()))
    return [
        Change(name=f"add {name}", after=made(part), run=in_batch(add)),
        Change(name=f"add {name}, copying", after=made(part), run=in_batch(add, recreate="always")),
        Change(
            name=f"drop {name}",
            before=made(part),
            run=in_batch(lambda batch: batch.drop_column(part().name)),
        ),
    ]


def constraining(name, part, add, constraint, kind):
    """Return the changes that add and that drop a constraint."""
    return [
        Change(name=f"add {name}", after=made(part), run=in_batch(add)),
        Change(
            name=f"drop {name}",
            before=made(part),
            run=in_batch(lambda batch: batch.drop_constraint(constraint, type_=kind)),
        ),
    ]


def altering(name, before, after, **options):
    """Return the change of the column c."""
    return Change(
        name=name,
        before=made(before),
        after=made(after),
        run=in_batch(lambda batch: batch.alter_column("c", **options)),
    )


def index(*arguments, **options):
    return lambda: sa.Index(*arguments, **options)


CHANGES = [
    *adding("a column", column("c", sa.Integer)),
    *adding("a typed column", column("c", sa.Numeric(10, 2))),
    *adding("a column with a default", column("c", sa.String(9), server_default="it's :x 100%")),
    *adding("a required column", column("c", sa.Integer, nullable=False, server_default="0")),
    *adding("a moment", column("c", sa.DateTime, nullable=False, server_default=sa.func.now())),
    *adding("a collated column", column("c", sa.String(20, collation="NOCASE"))),
    *adding("a boolean", column("c", sa.Boolean(create_constraint=True, name="c_bool"))),
    *adding("an enum", column("c", sa.Enum(Old, create_constraint=True, name="c_enum"))),
    *adding("a computed column", lambda: sa.Column("c", sa.Integer, sa.Computed("b + 1"))),
    *adding(
        "a stored column", lambda: sa.Column("c", sa.Integer, sa.Computed("b + 1", persisted=True))
    ),
    *adding("a unique column", column("c", sa.Integer, unique=True)),
    *adding(
        "a reference",
        lambda: sa.Column(
            "c", sa.Integer, sa.ForeignKey("parent.id", name="fk_c", ondelete="CASCADE")
        ),
    ),
    *adding(
        "a nameless reference", lambda: sa.Column("c", sa.String(5), sa.ForeignKey("parent.code"))
    ),
    *adding(
        "a late reference",
        lambda: sa.Column(
            "c",
            sa.Integer,
            sa.ForeignKey("parent.id", deferrable=True, initially="DEFERRED", name="fk_c"),
        ),
    ),
    *adding("an indexed column", column("c", sa.Integer, index=True)),
    *constraining(
        "a unique constraint",
        lambda: sa.UniqueConstraint("a", "b", name="uq_ab"),
        lambda batch: batch.create_unique_constraint("uq_ab", ["a", "b"]),
        "uq_ab",
        "unique",
    ),
    *constraining(
        "a CHECK",
        lambda: sa.CheckConstraint("b > 0 AND a <> 'x''y'", name="ck_b"),
        lambda batch: batch.create_check_constraint("ck_b", "b > 0 AND a <> 'x''y'"),
        "ck_b",
        "check",
    ),
    *constraining(
        "a foreign key",
        lambda: sa.ForeignKeyConstraint(
            ["b"], ["parent.id"], name="fk_b", ondelete="SET NULL", onupdate="CASCADE"
        ),
        lambda batch: batch.create_foreign_key(
            "fk_b", "parent", ["b"], ["id"], ondelete="SET NULL", onupdate="CASCADE"
        ),
        "fk_b",
        "foreignkey",
    ),
    altering(
        "another type", column("c", sa.Integer), column("c", sa.String(9)), type_=sa.String(9)
    ),
    altering("a longer type", column("c", sa.String(9)), column("c", sa.Text), type_=sa.Text()),
    altering(
        "another collation",
        column("c", sa.String(9, collation="NOCASE")),
        column("c", sa.String(9, collation="RTRIM")),
        type_=sa.String(9, collation="RTRIM"),
    ),
    altering(
        "no collation",
        column("c", sa.String(9, collation="NOCASE")),
        column("c", sa.String(9)),
        type_=sa.String(9),
        existing_type=sa.String(9, collation="NOCASE"),
    ),
    altering(
        "not null", column("c", sa.Integer), column("c", sa.Integer, nullable=False), nullable=False
    ),
    altering(
        "may be null",
        column("c", sa.Integer, nullable=False),
        column("c", sa.Integer),
        nullable=True,
    ),
    altering(
        "a default",
        column("c", sa.String(9)),
        column("c", sa.String(9), server_default="('x'"),
        server_default="('x'",
    ),
    altering(
        "an expression",
        column("c", sa.String(9), server_default="a"),
        column("c", sa.String(9), server_default=sa.text("(1 + 2)")),
        server_default=sa.text("(1 + 2)"),
    ),
    altering(
        "no default",
        column("c", sa.String(9), server_default="a"),
        column("c", sa.String(9)),
        server_default=None,
    ),
    altering(
        "another computation",
        lambda: sa.Column("c", sa.Integer, sa.Computed("b + 1")),
        lambda: sa.Column("c", sa.Integer, sa.Computed("b + 2")),
        server_default=sa.Computed("b + 2"),
        existing_server_default=sa.Computed("b + 1"),
    ),
    altering(
        "another name",
        column("c", sa.Integer, nullable=False),
        column("order", sa.Integer, nullable=False),
        new_column_name="order",
    ),
    altering(
        "a longer enum",
        column("c", sa.Enum(Old, create_constraint=True, name="c_enum")),
        column("c", sa.Enum(New, create_constraint=True, name="c_enum")),
        type_=sa.Enum(New, create_constraint=True, name="c_enum"),
        existing_type=sa.Enum(Old, create_constraint=True, name="c_enum"),
    ),
    altering(
        "no boolean",
        column("c", sa.Boolean(create_constraint=True, name="c_bool")),
        column("c", sa.Integer),
        type_=sa.Integer(),
        existing_type=sa.Boolean(create_constraint=True, name="c_bool"),
    ),
    Change(
        name="another name of a column in use",
        before=made(
            column("c", sa.Integer),
            lambda: sa.Column("d", sa.Integer, sa.Computed("c * 2")),
            lambda: sa.CheckConstraint("c > 0", name="ck"),
            lambda: sa.UniqueConstraint("c", "b"),
            index("i_c", "c", unique=True),
            index("i_expression", sa.text("abs(c) DESC"), sqlite_where=sa.text("c < 9")),
        ),
        after=made(
            column("C d", sa.Integer),
            lambda: sa.Column("d", sa.Integer, sa.Computed('"C d" * 2')),
            lambda: sa.CheckConstraint('"C d" > 0', name="ck"),
            lambda: sa.UniqueConstraint("C d", "b"),
            index("i_c", "C d", unique=True),
            index("i_expression", sa.text('abs("C d") DESC'), sqlite_where=sa.text('"C d" < 9')),
        ),
        run=in_batch(lambda batch: batch.alter_column("c", new_column_name="C d")),
    ),
    *(
        Change(
            name=f"{name} {how}",
            before=made(*before, index("i_stays", "b")),
            after=made(*after, index("i_stays", "b")),
            run=run(step),
        )
        for how, run in (("in a batch", in_batch), ("plainly", plainly))
        for name, before, after, step in (
            (
                "an index",
                [],
                [index("i", "a", "b", unique=True)],
                lambda op: (
                    op.create_index("i", ["a", "b"], unique=True)
                    if "batch" in type(op).__name__.lower()
                    else op.create_index("i", "t", ["a", "b"], unique=True)
                ),
            ),
            (
                "no index",
                [index("i", "a", "b", unique=True)],
                [],
                lambda op: (
                    op.drop_index("i")
                    if "batch" in type(op).__name__.lower()
                    else op.drop_index("i", "t")
                ),
            ),
        )
    ),
    Change(
        name="an index of expressions",
        after=made(
            index("i", sa.text("lower(a)"), sa.text("b DESC"), sqlite_where=sa.text("b > 1"))
        ),
        run=plainly(
            lambda op: op.create_index(
                "i",
                "t",
                [sa.text("lower(a)"), sa.text("b DESC")],
                sqlite_where=sa.text("b > 1"),
            )
        ),
    ),
    Change(
        name="another primary key",
        before=made(column("c", sa.Integer, nullable=False)),
        after=made(column("c", sa.Integer, primary_key=True)),
        run=in_batch(lambda batch: batch.create_primary_key(None, ["id", "c"])),
    ),
    Change(
        name="everything at once",
        before=made(
            column("c", sa.Integer),
            column("d", sa.Text),
            lambda: sa.CheckConstraint("c > 0", name="ck"),
        ),
        after=made(
            column("c", sa.BigInteger, nullable=False, server_default="1"),
            column("e", sa.String(3), nullable=False, server_default=""),
            lambda: sa.CheckConstraint("c > 1", name="ck"),
            lambda: sa.UniqueConstraint("c", "e", name="uq"),
        ),
        run=in_batch(
            lambda batch: batch.drop_constraint("ck", type_="check"),
            lambda batch: batch.drop_column("d"),
            lambda batch: batch.alter_column(
                "c", type_=sa.BigInteger(), nullable=False, server_default="1"
            ),
            lambda batch: batch.add_column(
                sa.Column("e", sa.String(3), nullable=False, server_default="")
            ),
            lambda batch: batch.create_check_constraint("ck", "c > 1"),
            lambda batch: batch.create_unique_constraint("uq", ["c", "e"]),
        ),
    ),
    Change(
        name="another name of the table",
        run=plainly(lambda op: op.rename_table("t", "u")),
        before=made(
            lambda: sa.Column("up", sa.ForeignKey("t.id")),
            index("i", "a"),
            lambda: sa.CheckConstraint("b > 1", name="ck"),
        ),
        after=made(
            lambda: sa.Column("up", sa.ForeignKey("u.id")),
            index("i", "a"),
            lambda: sa.CheckConstraint("b > 1", name="ck"),
        ),
        table="u",
    ),
    *(
        Change(
            name=f"{option} {value}",
            options=({option: not value}, {option: value}),
            run=in_batch(recreate="always", table_kwargs={option: value}),
        )
        for option in ("sqlite_autoincrement", "sqlite_with_rowid")
        for value in (True, False)
    ),
]
