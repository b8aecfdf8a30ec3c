"""Tables of PostgreSQL as SQLAlchemy's: made anew, they are the same."""

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from flask_migrate.database.models.postgresql import models_of
from flask_migrate.database.models.postgresql_text import stable
from flask_migrate.database.snapshots.postgresql import read
from flask_migrate.values.schema import Name


def _takes_columns():
    """Return whether this SQLAlchemy knows that ON DELETE may have columns."""
    table = sa.Table("t", sa.MetaData(), sa.Column("b", sa.Integer, primary_key=True))
    table.append_column(sa.Column("c", sa.ForeignKey("t.b", ondelete="SET NULL (c)")))
    try:
        sa.schema.CreateTable(table).compile()
    except sa.exc.CompileError:
        return False
    return True


SET_NULL = "SET NULL (b)" if _takes_columns() else "SET NULL"
# Nor did it always know of the parameters of a table.
WITH = "WITH (fillfactor = 70)" if "with" in dict(pg.dialect.construct_arguments)[sa.Table] else ""
TABLES = (
    """CREATE TABLE parents (
      a integer, b text COLLATE "C" DEFAULT 'it''s a:b %', PRIMARY KEY (a, b))""",
    f"""CREATE TABLE things (
      id bigserial PRIMARY KEY,
      a integer, b text,
      v varchar(20)[] DEFAULT '{{}}' NOT NULL,
      n numeric(10, 2) CHECK (n > 0),
      at timestamp(3) with time zone DEFAULT now(),
      day interval day to second(3),
      code varchar(5) CHECK (code IN ('a:b', 'c')),
      w integer GENERATED ALWAYS AS (a * 2) STORED,
      i bigint GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT BY 2 CYCLE),
      CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a, b) DEFERRABLE INITIALLY DEFERRED,
      CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES parents MATCH FULL ON DELETE {SET_NULL}
        ON UPDATE CASCADE DEFERRABLE)""",
    """CREATE INDEX ix ON things (lower(b) text_pattern_ops DESC NULLS LAST, "a" DESC)
      INCLUDE (n) WITH (fillfactor = 50) WHERE b <> 'a, (b'""",
    "CREATE INDEX ix_list ON things (code) WHERE code NOT IN ('x', 'y')",
    "CREATE UNIQUE INDEX ix_nulls ON things (n) NULLS NOT DISTINCT",
    "CREATE INDEX ix_gin ON things USING gin (v)",
    f"CREATE UNLOGGED TABLE children (z text) INHERITS (parents) {WITH}",
)


@pytest.fixture
def engine(postgresql_database):
    engine = sa.create_engine(postgresql_database.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in TABLES:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    return engine


def test_tables_that_are_made_anew_are_the_same(engine):
    with engine.begin() as connection:
        before = read(connection, {""})
        made = models_of(connection, before, list(before.tables))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE children, things, parents")
        for name in ("parents", "things", "children"):
            made[Name("", name)].create(connection)
    with engine.begin() as connection:
        after = read(connection, {""})

    assert after.tables.keys() == before.tables.keys()
    for name, table in before.tables.items():
        assert after.tables[name] == table


def test_what_a_constraint_has_besides_is_left_out_where_sqlalchemy_cannot_say_it(engine):
    with engine.begin() as connection:
        for more in ("CHECK (a > 0) NO INHERIT", "EXCLUDE USING btree (a WITH =)"):
            connection.exec_driver_sql(f"ALTER TABLE children ADD CONSTRAINT extra {more}")
            snapshot = read(connection, {""})
            made = models_of(connection, snapshot, [Name("", "children")])
            assert not [one for one in made[Name("", "children")].constraints if one.name]
            connection.exec_driver_sql("ALTER TABLE children DROP CONSTRAINT extra")


@pytest.mark.parametrize(
    "condition",
    [
        "code IN ('a', 'it''s')",
        "code NOT IN ('a', 'b')",
        "lower(code) IN ('a', 'b')",
        "upper(code)::varchar(3) = ANY (ARRAY['a', 'b']::varchar[])",
        "code LIKE 'a%' OR code IN ('a')",
        """"Code 1" IN ('x')""",
    ],
)
def test_the_server_reads_what_it_wrote_as_it_wrote_it(condition, postgresql_database):
    engine = sa.create_engine(postgresql_database.url, poolclass=sa.NullPool)
    find = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %(name)s"
    with engine.begin() as connection:
        connection.exec_driver_sql('CREATE TABLE t (code varchar(9), "Code 1" varchar(9))')
        doubled = condition.replace("%", "%%")
        connection.exec_driver_sql(f"ALTER TABLE t ADD CONSTRAINT one CHECK ({doubled})")
        written = connection.exec_driver_sql(find, {"name": "one"}).scalar_one()
        again = stable(written).replace("%", "%%")
        connection.exec_driver_sql(f"ALTER TABLE t ADD CONSTRAINT two {again}")
        assert connection.exec_driver_sql(find, {"name": "two"}).scalar_one() == written
