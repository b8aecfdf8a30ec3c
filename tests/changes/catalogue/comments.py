"""Comments."""

import sqlalchemy as sa

from tests.changes.change import change, of_column, things, v

WITHOUT = {"without": {"sqlite": "There are no comments."}}
ONLY_POSTGRESQL = {"only": ["postgresql"], "because": "A constraint has no comment."}
HOSTILE = 'it\'s "100%" :new \\ {x}\nand more 🐦'


def table(comment=None):
    return lambda m: things(m, v(sa.String(20)), comment=comment)


def commented(comment=None, **options):
    return lambda: v(sa.String(20), comment=comment, **options)


def constraint(comment=None):
    return lambda m: things(
        m, v(sa.Integer), sa.CheckConstraint("v > 0", name="positive", comment=comment)
    )


CHANGES = (
    change("a table gets a comment", table(), table("Things."), **WITHOUT),
    change("the comment of a table changes", table("Things."), table("Other."), **WITHOUT),
    change("a table loses its comment", table("Things."), table(), **WITHOUT),
    change("a table gets a hostile comment", table(), table(HOSTILE), **WITHOUT),
    change("a table loses a hostile comment", table(HOSTILE), table(), **WITHOUT),
    of_column("a column gets a comment", commented(), commented("What."), **WITHOUT),
    of_column(
        "the comment of a column changes", commented("What."), commented("Other."), **WITHOUT
    ),
    of_column("a column loses its comment", commented("What."), commented(), **WITHOUT),
    of_column("a column gets a hostile comment", commented(), commented(HOSTILE), **WITHOUT),
    of_column("a column loses a hostile comment", commented(HOSTILE), commented(), **WITHOUT),
    of_column(
        "a column with a comment and a default becomes NOT NULL",
        commented("What.", server_default="x"),
        commented("What.", server_default="x", nullable=False),
        values=["a", None],
        filled=["a", "x"],
    ),
    of_column(
        "a column that is NOT NULL and has a default gets a comment",
        commented(None, server_default="it's", nullable=False),
        commented("What.", server_default="it's", nullable=False),
        **WITHOUT,
    ),
    of_column(
        "a column gets a comment and a length",
        lambda: v(sa.String(20)),
        lambda: v(sa.String(40), comment="What."),
    ),
    change(
        "a table with comments is made",
        lambda m: things(m, name="others"),
        lambda m: (things(m, name="others"), things(m, commented(HOSTILE)(), comment=HOSTILE)),
    ),
    change(
        "a column with a comment is added",
        things,
        lambda m: things(m, commented(HOSTILE)()),
    ),
    change("a constraint gets a comment", constraint(), constraint("Above."), **ONLY_POSTGRESQL),
    change(
        "the comment of a constraint changes",
        constraint("Above."),
        constraint("Over."),
        **ONLY_POSTGRESQL,
    ),
    change("a constraint loses its comment", constraint("Above."), constraint(), **ONLY_POSTGRESQL),
    change(
        "a table with a comment gets a column",
        table("Things."),
        lambda m: things(m, v(sa.String(20)), sa.Column("w", sa.Integer), comment="Things."),
    ),
)
