"""A chain of revisions that takes a while in every way: SQL, Python, a rebuild, many rows."""

ROWS = 40_000
REVISIONS = ("k1", "k2", "k3", "k4", "k5", "k6")

FILL = {
    "sqlite": f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT {ROWS}) "
    "INSERT INTO heap (id, name, size) SELECT n, 'name ' || n, n * 7 FROM c",
    "postgresql": "INSERT INTO heap (id, name, size) "
    f"SELECT n, 'name ' || n, n * 7 FROM generate_series(1, {ROWS}) AS n",
    "mariadb": "INSERT INTO heap (id, name, size) "
    f"SELECT seq, concat('name ', seq), seq * 7 FROM seq_1_to_{ROWS}",
}
SLOW = {
    "sqlite": "SELECT max(n) FROM (WITH RECURSIVE c(n) AS "
    "(SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT {thousands}000) SELECT n FROM c)",
    "postgresql": "SELECT pg_sleep({seconds})",
    "mariadb": "SELECT sleep({seconds})",
}


def slow_statement(dialect, *, seconds):
    """Return a query that takes about that long in the database."""
    # SQLite cannot wait, so it counts: about six million rows a second.
    return SLOW[dialect].format(seconds=seconds, thousands=int(seconds * 6000))


def write_long_chain(deployed, *, seconds=0.4):
    """Write the revisions k1 to k6; in two of them nothing happens for the given time."""
    slow = slow_statement(deployed.dialect, seconds=seconds)
    deployed.revision(
        "k1",
        f"""
        op.create_table(
            "heap",
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("name", sa.String(40)),
            sa.Column("size", sa.Integer),
        )
        op.create_index("ix_heap_name", "heap", ["name"])
        op.execute({FILL[deployed.dialect]!r})
        """,
    )
    deployed.revision(
        "k2",
        """
        with op.batch_alter_table("heap") as batch:
            batch.alter_column("name", existing_type=sa.String(40), type_=sa.Text(), nullable=False)
        op.create_table("after", sa.Column("id", sa.Integer, primary_key=True))
        """
        if deployed.dialect != "mariadb"  # which has no index on a whole text
        else """
        with op.batch_alter_table("heap") as batch:
            batch.alter_column("name", existing_type=sa.String(40), type_=sa.String(300))
        op.create_table("after", sa.Column("id", sa.Integer, primary_key=True))
        """,
    )
    deployed.revision(
        "k3",
        f"""
        op.execute("INSERT INTO after (id) VALUES (3)")
        op.get_bind().exec_driver_sql({slow!r}).all()
        op.add_column("after", sa.Column("note", sa.String(10)))
        """,
    )
    deployed.revision(
        "k4",
        f"""
        op.add_column("heap", sa.Column("extra", sa.Integer))
        op.execute("UPDATE heap SET extra = size + 1")
        time.sleep({seconds})
        op.create_index("ix_heap_extra", "heap", ["extra"])
        """,
    )
    deployed.revision(
        "k5",
        """
        for number in range(100, 400):
            op.execute(f"INSERT INTO after (id, note) VALUES ({number}, 'k5')")
        op.create_table("last", sa.Column("id", sa.Integer, primary_key=True))
        """,
    )
    deployed.revision(
        "k6",
        """
        with op.batch_alter_table("heap") as batch:
            batch.drop_column("size")
        op.execute("INSERT INTO last (id) VALUES (6)")
        """,
    )
