"""A chain of three revisions with rows; the second has five operations, any of which may fail."""

FIRST = """
op.create_table(
    "shelf", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40))
)
op.create_table(
    "book",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("shelf_id", sa.Integer, sa.ForeignKey("shelf.id", name="fk_book_shelf")),
    sa.Column("title", sa.String(40)),
    sa.Column("code", sa.String(10)),
)
op.execute("INSERT INTO shelf (id, name) VALUES (1, 'Birds'), (2, 'Coasts')")
op.execute(
    "INSERT INTO book (id, shelf_id, title, code) VALUES "
    "(1, 1, 'Godwits', 'a'), (2, 1, 'Waders', 'b'), (3, 2, 'Mudflats', 'b')"
)
"""
UNDO_FIRST = """
op.drop_table("book")
op.drop_table("shelf")
"""
SECOND = (
    'op.create_table("loan", sa.Column("id", sa.Integer, primary_key=True))',
    'op.add_column("book", sa.Column("isbn", sa.String(20)))',
    """op.execute("UPDATE book SET isbn = 'none'")""",
    """with op.batch_alter_table("book") as batch:
    batch.alter_column("title", existing_type=sa.String(40), type_=sa.String(80))""",
)
UNDO_SECOND = (
    """with op.batch_alter_table("book") as batch:
    batch.alter_column("title", existing_type=sa.String(80), type_=sa.String(40))""",
    """op.execute("UPDATE book SET isbn = NULL")""",
    'op.drop_column("book", "isbn")',
    'op.drop_table("loan")',
)
THIRD = """
op.create_table("late", sa.Column("id", sa.Integer, primary_key=True))
op.execute("INSERT INTO late (id) VALUES (7)")
"""
MENDED = """op.execute("UPDATE shelf SET name = 'Shores' WHERE id = 2")"""
MENDED_BACK = """op.execute("UPDATE shelf SET name = 'Coasts' WHERE id = 2")"""
FAULTS = {
    "sql": 'op.execute("INSERT INTO no_such_table VALUES (1)")',
    "python": "raise ValueError('the list of the supplier is missing')",
    "data": 'op.create_index("ix_book_code", "book", ["code"], unique=True)',
}
"""What an operation does instead of what it should; in the last, two rows have the same code."""
SAID = {"sql": "no_such_table", "python": "the list of the supplier is missing", "data": "ix_book"}
"""What the message must show of each; a database names the index, or its columns."""


def write_chain(deployed, *, fault=None, back=None):
    """Write revisions r1, r2 and r3, or write them anew.

    Args:
        deployed: The application.
        fault: Which of FAULTS the upgrade of r2 has, and before how many of its operations.
        back: The same for its downgrade.
    """
    deployed.revision("r1", FIRST, UNDO_FIRST)
    deployed.revision("r2", _with(SECOND, MENDED, fault), _with(UNDO_SECOND, MENDED_BACK, back))
    deployed.revision("r3", THIRD, 'op.drop_table("late")')


def _with(operations, mended, fault):
    kind, position = fault or (None, 0)
    fifth = FAULTS.get(kind, mended)
    return "\n".join((*operations[:position], fifth, *operations[position:]))
