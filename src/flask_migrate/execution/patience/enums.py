"""Let a revision add a value to an enum type of PostgreSQL and use it."""

from collections.abc import Callable

from flask_migrate.errors import EnumValueUncommitted
from flask_migrate.execution.drivers import literal
from flask_migrate.execution.patience.session import Session
from flask_migrate.execution.patience.statements import NewValue, Statement

_VALUE = """
SELECT format('%I.%I', n.nspname, t.typname), EXISTS (
    SELECT 1 FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid AND e.enumlabel = {value}
)
FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
WHERE t.oid = to_regtype({type})
"""


class EnumValues:
    """The values that a migration adds.

    PostgreSQL refuses to use a value in the transaction that added it. Then the value is
    committed ahead, and the revision begins again. That is only done when it has to be:
    what a failed revision added is not undone then. So that a plain run goes on after that,
    a value that is there already is no error.

    Args:
        session: Where to ask.
        say: Takes a sentence for a person.
    """

    def __init__(self, session: Session, say: Callable[[str], None]) -> None:
        self._session = session
        self._say = say
        self._ahead: set[str] = set()

    def look(self, statement: Statement) -> tuple[list[str], list[int]]:
        """Look whether the values that a statement adds are there.

        Returns:
            What adds each value ahead, and where the statement needs ``IF NOT EXISTS``.
        """
        added, positions = [], []
        for new in statement.values:
            for name, exists in self._session.ask(
                _VALUE.format(type=literal(new.type), value=new.value)
            ):
                added.append(adds_value(name, new))
                if exists and new.position is not None:
                    positions.append(new.position)
                    self._note(name, new, added[-1])
        return added, positions

    def commit(self, interrupted: EnumValueUncommitted) -> None:
        """Commit what a revision added, ahead of it. The session is in no transaction.

        Raises:
            EnumValueUncommitted: That cannot be done, or has been done in vain.
        """
        if self._ahead.issuperset(interrupted.statements):
            raise interrupted
        try:
            for statement in interrupted.statements:
                self._session.do(statement)
            self._session.driver.commit()
        except self._session.error as error:
            self._session.driver.rollback()
            # The type was made by the same transaction, and went with it.
            raise interrupted from error
        self._ahead.update(interrupted.statements)
        self._say(
            "Committed ahead of the revision that uses it, which begins again: "
            f"{'; '.join(interrupted.statements)}"
        )

    def _note(self, name: str, new: NewValue, adds: str) -> None:
        if adds not in self._ahead:
            self._say(f"The type {name} has the value {new.value} already.")


def adds_value(type_name: str, new: NewValue) -> str:
    """Return the statement that adds a value to a type unless it has it.

    Args:
        type_name: The name of the type, quoted where it has to be.
        new: The value.
    """
    return f"ALTER TYPE {type_name} ADD VALUE IF NOT EXISTS {new.value} {new.place}".rstrip()
