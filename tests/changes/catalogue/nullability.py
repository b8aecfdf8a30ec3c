"""Nullability."""

import datetime as dt
import enum

import sqlalchemy as sa

from tests.changes.change import change, of_column, of_table, things, v


class Size(enum.Enum):
    """Whose members Python writes, and whose names the database has."""

    SMALL = "s"
    LARGE = "l"


AT = dt.datetime(2024, 1, 1, 12, 30)  # noqa: DTZ001


def changed_at():
    now = sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")
    return sa.Column("at", sa.DateTime, server_default=now)


REFUSED = "Rows that are NULL, and nothing says what they become."
EVERYWHERE = dict.fromkeys(("sqlite", "postgresql", "mariadb"), REFUSED)

CHANGES = (
    of_column(
        "a column without NULLs becomes NOT NULL",
        lambda: v(sa.String(20)),
        lambda: v(sa.String(20), nullable=False, server_default="none"),
        values=["a", "b", ""],
    ),
    of_column(
        "a column becomes one that may be NULL",
        lambda: v(sa.String(20), nullable=False),
        lambda: v(sa.String(20)),
    ),
    of_column(
        "NULLs are filled from the server default",
        lambda: v(sa.String(20), server_default="none"),
        lambda: v(sa.String(20), server_default="none", nullable=False),
        values=["a", None, ""],
        filled=["a", "none", ""],
    ),
    of_column(
        "NULLs are filled from a server default that comes with it",
        lambda: v(sa.String(20)),
        lambda: v(sa.String(20), server_default="it's 100% :new", nullable=False),
        values=["a", None, ""],
        filled=["a", "it's 100% :new", ""],
    ),
    of_column(
        "NULLs are filled from a server default that changes",
        lambda: v(sa.Integer, server_default="1"),
        lambda: v(sa.Integer, server_default="2", nullable=False),
        values=[1, None, 3],
        filled=[1, 2, 3],
    ),
    of_column(
        "NULLs are filled from a text that is the default in Python",
        lambda: v(sa.String(20)),
        lambda: v(sa.String(20), default="it's 100% :new", nullable=False),
        values=["a", None, ""],
        filled=["a", "it's 100% :new", ""],
    ),
    of_column(
        "NULLs are filled from a number that is the default in Python",
        lambda: v(sa.Integer),
        lambda: v(sa.Integer, default=0, nullable=False),
        values=[1, None, 3],
        filled=[1, 0, 3],
    ),
    of_column(
        "NULLs are filled from a truth that is the default in Python",
        lambda: v(sa.Boolean),
        lambda: v(sa.Boolean, default=False, nullable=False),
        values=[True, None, False],
        filled=[True, False, False],
    ),
    of_column(
        "NULLs are filled from a member of an enum that is the default in Python",
        lambda: v(sa.Enum(Size, name="size")),
        lambda: v(sa.Enum(Size, name="size"), default=Size.LARGE, nullable=False),
        values=[Size.SMALL, None, Size.LARGE],
        filled=[Size.SMALL, Size.LARGE, Size.LARGE],
    ),
    of_column(
        "NULLs are filled from a server expression",
        lambda: v(sa.Integer),
        lambda: v(sa.Integer, server_default=sa.text("(1 + 1)"), nullable=False),
        values=[1, None, 3],
        filled=[1, 2, 3],
    ),
    of_column(
        "NULLs are filled while the type changes",
        lambda: v(sa.String(20)),
        lambda: v(sa.Text, default="none", nullable=False),
        values=["a", None, ""],
        filled=["a", "none", ""],
    ),
    of_column(
        "NULLs are filled with what only the new type takes",
        lambda: v(sa.Integer),
        lambda: v(sa.String(20), server_default="it's 100% :new", nullable=False),
        values=[1, None, 3],
        filled=["1", "it's 100% :new", "3"],
        one_way=dict.fromkeys(("sqlite", "postgresql", "mariadb"), "It is no number."),
    ),
    of_column(
        "NULLs are filled with what is too long for the old type",
        lambda: v(sa.String(2)),
        lambda: v(sa.String(20), server_default="none yet", nullable=False),
        values=["a", None, ""],
        filled=["a", "none yet", ""],
        one_way=dict.fromkeys(("postgresql", "mariadb"), "It is too long."),
    ),
    of_table(
        "NULLs are filled with what a CHECK that goes refuses",
        lambda: [v(sa.Integer), sa.CheckConstraint("v < 5", name="small")],
        lambda: [v(sa.Integer, server_default="7", nullable=False)],
        rows={"things": [{"v": 1}, {"v": None}, {"v": 3}]},
        becomes={"things.v": [1, 7, 3]},
        one_way=dict.fromkeys(("sqlite", "postgresql", "mariadb"), "The CHECK refuses it."),
    ),
    of_table(
        "NULLs are filled, and the moment of the last change stays",
        lambda: [v(sa.Integer), changed_at()],
        lambda: [v(sa.Integer, server_default="7", nullable=False), changed_at()],
        rows={"things": [{"v": 1, "at": AT}, {"v": None, "at": AT}, {"v": 3, "at": AT}]},
        becomes={"things.v": [1, 7, 3]},
        only=["mariadb"],
        because="There is no ON UPDATE.",
    ),
    of_column(
        "NULLs that nothing fills refuse it",
        lambda: v(sa.String(20)),
        lambda: v(sa.String(20), nullable=False),
        values=["a", None, ""],
        refused=EVERYWHERE,
    ),
    of_column(
        "NULLs that only a function of Python would fill refuse it",
        lambda: v(sa.String(20)),
        lambda: v(sa.String(20), default=lambda: "new", nullable=False),
        values=["a", None, ""],
        refused=EVERYWHERE,
    ),
    of_table(
        "several columns become NOT NULL",
        lambda: [sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)],
        lambda: [
            sa.Column("a", sa.Integer, server_default="1", nullable=False),
            sa.Column("b", sa.Integer, default=2, nullable=False),
        ],
        becomes={"things.a": [1, 2, 1], "things.b": [1, 2, 2]},
    ),
    of_column(
        "a column that has an index becomes NOT NULL",
        lambda: v(sa.String(20), index=True),
        lambda: v(sa.String(20), index=True, server_default="x", nullable=False),
        values=["a", None, "c"],
        filled=["a", "x", "c"],
    ),
    change(
        "a column that refers to another table becomes NOT NULL",
        lambda m: (
            things(m, name="groups"),
            things(m, sa.Column("group_id", sa.ForeignKey("groups.id"))),
        ),
        lambda m: (
            things(m, name="groups"),
            things(m, sa.Column("group_id", sa.ForeignKey("groups.id"), nullable=False)),
        ),
        rows={"things": [{"group_id": 1}, {"group_id": 2}]},
    ),
)
