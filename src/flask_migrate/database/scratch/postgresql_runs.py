"""Run many statements on PostgreSQL in one round trip, and learn which could not be run."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from flask_migrate.values.schema import Name

# Each group is a savepoint. What runs out of memory for locks would do so for every group.
_FUNCTION = """
CREATE FUNCTION {schema}.run(given jsonb) RETURNS TABLE (place int, reason text)
LANGUAGE plpgsql AS $run$
DECLARE
  part record;
  lost text[] := '{{}}';
BEGIN
  FOR part IN SELECT ordinality::int AS at, value ->> 'owner' AS owner, value -> 'sql' AS sql
              FROM jsonb_array_elements(given) WITH ORDINALITY ORDER BY ordinality
  LOOP
    place := part.at - 1;
    reason := NULL;
    IF part.owner = ANY (lost) THEN
      RETURN NEXT;
      CONTINUE;
    END IF;
    DECLARE
      statement text;
    BEGIN
      FOR statement IN SELECT value
                       FROM jsonb_array_elements_text(part.sql) WITH ORDINALITY ORDER BY ordinality
      LOOP
        EXECUTE statement;
      END LOOP;
    EXCEPTION
      WHEN out_of_memory THEN RAISE;
      WHEN OTHERS THEN
        lost := lost || part.owner;
        reason := SQLERRM;
        RETURN NEXT;
    END;
  END LOOP;
END
$run$
"""


class Group(NamedTuple):
    """Statements that are run together or not at all.

    Attributes:
        owner: What they make; where a group could not be run, no later one of its is.
        statements: The statements.
    """

    owner: Name
    statements: Sequence[str]


def define_run(connection: Connection, schema: str) -> None:
    """Make what `run_groups` needs.

    Args:
        connection: In a transaction.
        schema: The schema where it is, with a name that needs no quotes.
    """
    connection.exec_driver_sql(_FUNCTION.format(schema=schema))


def run_groups(connection: Connection, schema: str, groups: Sequence[Group]) -> dict[Name, str]:
    """Run statements, also those that are not yet in an order that works.

    Args:
        connection: In a transaction.
        schema: See `define_run`.
        groups: The statements.

    Returns:
        The owners of those that could not be run, each with what the server said.
    """
    run = text(f"SELECT place, reason FROM {schema}.run(CAST(:groups AS jsonb))")  # noqa: S608
    reasons: dict[Name, str] = {}
    while groups:
        result = connection.execute(run, {"groups": _as_json(groups)}).all()
        reasons = {groups[row.place].owner: row.reason for row in result if row.reason is not None}
        if len(result) == len(groups):
            break
        groups = [groups[row.place] for row in result]
    return reasons


def _as_json(groups: Sequence[Group]) -> str:
    described = [{"owner": str(one.owner), "sql": list(one.statements)} for one in groups]
    return json.dumps(described, ensure_ascii=False)
