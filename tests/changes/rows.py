"""Rows in every table before a change, and what is left of them afterwards."""

import datetime as dt
import enum
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.changes.change import dialect_of

COUNT = 3


def insert_rows(connection, metadata, given):
    """Put rows into every table.

    Args:
        connection: The database.
        metadata: The models.
        given: What must be special about them, by name of the table.
    """
    for table in metadata.sorted_tables:
        partial = given.get(table.fullname, [{}] * COUNT)
        for number, row in enumerate(partial, start=1):
            made = _row(table, number, given=row, last=number == len(partial))
            connection.execute(table.insert().values(made))


def read_rows(connection, metadata):
    """Return the rows of every table as the application reads them: for each a list of mappings.

    They are in the order of `id`, or in some other that depends on nothing else.
    """
    return {table.fullname: _rows_of(connection, table) for table in metadata.tables.values()}


def _rows_of(connection, table):
    rows = [
        {name: _plain(value) for name, value in row.items()}
        for row in connection.execute(_select(table)).mappings()
    ]
    return sorted(rows, key=lambda row: row["id"] if "id" in row else repr(sorted(row.items())))


def _select(table):
    """Return what reads the rows of a table, and not those of its children too."""
    is_partitioned = table.dialect_options["postgresql"]["partition_by"] is not None
    select = table.select()
    return select if is_partitioned else select.with_hint(table, "ONLY", "postgresql")


def lost(before, now, *, becomes, or_before=False):
    """Return what is not as it must be: None, or a sentence about the first of it.

    Args:
        before: The rows of the old tables.
        now: The rows of the tables now.
        becomes: What a column has to have, where that is not what it had.
        or_before: Whether a value of before is right, too.
    """
    for table, rows in now.items():
        old = before.get(table)
        if old is not None and len(old) != len(rows):
            return f"{table} had {len(old)} rows and has {len(rows)}."
        for column in rows[0] if rows else ():
            reason = _column_lost(f"{table}.{column}", column, old, rows, becomes, or_before)
            if reason:
                return reason
    return None


def _column_lost(name, column, old, rows, becomes, or_before):
    had = None if old is None else [row.get(column, _Nothing) for row in old]
    wanted = becomes.get(name, had)
    if wanted is None or _Nothing in wanted:
        return None
    wanted = [_plain(value) for value in wanted]
    is_ = [row[column] for row in rows]
    allowed = [{repr(w), *([repr(h)] if or_before else ())} for w, h in zip(wanted, had or wanted)]  # noqa: B905
    if len(is_) == len(wanted) and all(repr(one) in some for one, some in zip(is_, allowed)):  # noqa: B905
        return None
    return f"{name} had {had}, has {is_}, should have {wanted}."


class _Nothing:
    """In place of a column that a table did not have."""


def _plain(value):
    """Return a value so that equal ones are equal, whatever type the driver gives them."""
    for kind, plain in _PLAIN:
        if isinstance(value, kind):
            return plain(value)
    return value


def _row(table, number, *, given, last):
    row = dict(given)
    for column in table.columns:
        if column.name in given or _is_left_out(column, last=last):
            continue
        is_null = last and column.nullable
        row[column.name] = None if is_null else _value_of(column, number)
    return row


def _is_left_out(column, *, last):
    if column.identity is not None:
        return dialect_of(column.table.metadata) == "postgresql"
    return column.computed is not None or (last and column.server_default is not None)


def _value_of(column, number):
    for key in column.foreign_keys:
        if key.column is not column:
            return _value_of(key.column, number)
    return value(column.type, number, column.name)


def value(type_, number, name="v"):
    """Return a value of a type; another one for each number."""
    if isinstance(type_, sa.types.TypeDecorator) and not isinstance(type_, sa.Interval):
        return value(type_.impl_instance, number, name)
    if isinstance(type_, sa.Enum):
        values = list(type_.enum_class or type_.enums)
        return values[number % len(values)]
    if isinstance(type_, postgresql.DOMAIN):
        return value(type_.data_type, number, name)
    if isinstance(type_, sa.ARRAY):
        return [value(type_.item_type, number, name)]
    for kind, make in _MADE:
        if isinstance(type_, kind):
            return make(type_, number, name)
    raise NotImplementedError(f"Give {name}, a {type_!r}, a value: rows={{...}}.")


def _text(type_, number, name):
    text = f"{name} {number}"
    return text if not type_.length or len(text) <= type_.length else str(number)[: type_.length]


def _moment(type_, number, _name):
    zone = dt.UTC if type_.timezone else None
    return dt.datetime(2024, 1, number, 12, 30, tzinfo=zone)


_PLAIN = (
    (enum.Enum, lambda value: value.name),
    ((bool, int, float), lambda value: Decimal(str(+value)).normalize()),
    (Decimal, Decimal.normalize),
    ((memoryview, bytearray), bytes),
    ((set, frozenset), sorted),
    ((IPv4Address, IPv6Address), str),
    (str, "".join),  # not one of a class of its own
)
_MADE = (
    (sa.Boolean, lambda _, number, __: number % 2 == 1),
    (sa.Integer, lambda _, number, __: number),
    (sa.Float, lambda _, number, __: number + 0.5),
    (sa.Numeric, lambda type_, number, __: Decimal(number) + Decimal(bool(type_.scale)) / 2),
    (sa.Uuid, lambda _, number, __: UUID(int=number)),
    (sa.String, _text),
    (sa.LargeBinary, lambda _, number, name: f"{name} {number}".encode()),
    (sa.DateTime, _moment),
    (sa.Date, lambda _, number, __: dt.date(2024, 1, number)),
    (sa.Time, lambda _, number, __: dt.time(12, number)),
    (sa.Interval, lambda _, number, __: dt.timedelta(hours=number)),
    (sa.JSON, lambda _, number, name: {name: number}),
    (sa.types._Binary, lambda _, number, name: f"{name} {number}".encode()),
)
