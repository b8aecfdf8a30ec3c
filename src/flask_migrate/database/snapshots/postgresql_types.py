"""Make types and sequences of the rows of PostgreSQL's catalog. Pure."""

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
    return Domain(
        name=name_of(row),
        type=row["type"],
        collation=row["collation"],
        default=row["default"],
        is_required=row["is_required"],
        conditions=tuple(zip(row["condition_names"], row["conditions"], strict=True)),
    )


def sequence_of(row: Row) -> Sequence | None:
    """Return the sequence that a row tells of, or None if a column owns it."""
    if row["table"] is not None:
        return None
    return Sequence(name=name_of(row), options=sequence_options(row))
