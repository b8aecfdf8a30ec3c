"""Tables."""

import sqlalchemy as sa

from tests.changes.change import change, things


def nothing(m):
    """Declare no table."""


def authors(m):
    return things(m, sa.Column("name", sa.String(80), nullable=False), name="authors")


def books(m, **options):
    return things(
        m,
        sa.Column("title", sa.String(80)),
        sa.Column("author_id", sa.ForeignKey("authors.id")),
        name="books",
        **options,
    )


def shelf(m):
    """Declare tables that refer to each other in a row."""
    authors(m)
    books(m)
    things(m, sa.Column("book_id", sa.ForeignKey("books.id"), nullable=False), name="copies")


def every_common_type(m):
    things(
        m,
        sa.Column("small", sa.SmallInteger),
        sa.Column("whole", sa.Integer),
        sa.Column("big", sa.BigInteger),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("ratio", sa.Float),
        sa.Column("precise", sa.Double),
        sa.Column("name", sa.String(80)),
        sa.Column("story", sa.Text),
        sa.Column("flag", sa.Boolean),
        sa.Column("day", sa.Date),
        sa.Column("moment", sa.DateTime),
        sa.Column("moment_in_zone", sa.DateTime(timezone=True)),
        sa.Column("time", sa.Time),
        sa.Column("span", sa.Interval),
        sa.Column("data", sa.LargeBinary),
        sa.Column("document", sa.JSON),
        sa.Column("number", sa.Uuid),
        sa.Column("colour", sa.Enum("red", "green", name="colour")),
    )


CHANGES = (
    change("the first table is made", nothing, authors),
    change("the last table is dropped", authors, nothing, asked={"allow_empty_models": True}),
    change("a table is made beside another", authors, lambda m: (authors(m), things(m))),
    change("a table is dropped beside another", lambda m: (authors(m), things(m)), authors),
    change(
        "a table with columns of every common type is made",
        authors,
        lambda m: (authors(m), every_common_type(m)),
    ),
    change(
        "a table with columns of every common type is dropped",
        lambda m: (authors(m), every_common_type(m)),
        authors,
    ),
    change(
        "tables that refer to each other in a row are made", things, lambda m: (things(m), shelf(m))
    ),
    change(
        "tables that refer to each other in a row are dropped",
        lambda m: (things(m), shelf(m)),
        things,
    ),
    change(
        "a table is made that refers to one that is there",
        authors,
        lambda m: (authors(m), books(m)),
    ),
    change("a table that refers to another is dropped", lambda m: (authors(m), books(m)), authors),
    change(
        "a table is dropped, and the column that refers to it",
        lambda m: (authors(m), books(m)),
        lambda m: things(m, sa.Column("title", sa.String(80)), name="books"),
    ),
    change(
        "a table without a primary key is made",
        authors,
        lambda m: (authors(m), sa.Table("log", m, sa.Column("line", sa.String(200)))),
    ),
    change(
        "a column is added to a table without a primary key",
        lambda m: sa.Table("log", m, sa.Column("line", sa.String(200))),
        lambda m: sa.Table(
            "log", m, sa.Column("line", sa.String(200)), sa.Column("level", sa.String(8))
        ),
    ),
    change(
        "a column of a table without a primary key becomes longer",
        lambda m: sa.Table("log", m, sa.Column("line", sa.String(200))),
        lambda m: sa.Table("log", m, sa.Column("line", sa.String(300))),
    ),
    change(
        "a table for many-to-many is made",
        lambda m: (things(m, name="tags"), things(m, name="posts")),
        lambda m: (
            things(m, name="tags"),
            things(m, name="posts"),
            sa.Table(
                "tagged",
                m,
                sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
                sa.Column("post_id", sa.ForeignKey("posts.id"), primary_key=True),
            ),
        ),
    ),
    change(
        "a table gets another name: what looks like that is a drop and an add",
        authors,
        lambda m: things(m, sa.Column("name", sa.String(80), nullable=False), name="writers"),
    ),
    change(
        "a table that refers to itself is made",
        authors,
        lambda m: (authors(m), things(m, sa.Column("parent_id", sa.ForeignKey("things.id")))),
    ),
    change(
        "a table that refers to itself is dropped",
        lambda m: (authors(m), things(m, sa.Column("parent_id", sa.ForeignKey("things.id")))),
        authors,
    ),
)
