"""Make types and sequences of the rows of PostgreSQL's catalog. Pure."""

from collections.abc import Iterator

from flask_migrate.database.snapshots.postgresql_rows import Row, name_of
from flask_migrate.database.snapshots.postgresql_sequences import sequence_options
from flask_migrate.values.schema import Domain, EnumType, Sequence


def enum_of(row: Row) -> EnumType | None:
    """Return the enum that a row tells of, or None if it tells of a domain."""
    if not row["is_enum"]:
        return None
    return EnumType(name=name_of(row), labels=tuple(row["labels"]), comment=row["comment"])


def domain_of(row: Row) -> Domain | None:
    """Return the domain that a row tells of, or None if it tells of an enum."""
    if row["is_enum"]:
        return None
    return Domain(name=name_of(row), definition=" ".join(_parts_of_domain(row)))


def sequence_of(row: Row) -> Sequence | None:
    """Return the sequence that a row tells of, or None if a column owns it."""
    if row["table"] is not None:
        return None
    return Sequence(name=name_of(row), options=sequence_options(row))


def _parts_of_domain(row: Row) -> Iterator[str]:
    yield f"AS {row['type']}"
    if row["collation"] is not None:
        yield f"COLLATE {row['collation']}"
    if row["default"] is not None:
        yield f"DEFAULT {row['default']}"
    if row["is_required"]:
        yield "NOT NULL"
    yield from row["conditions"]
