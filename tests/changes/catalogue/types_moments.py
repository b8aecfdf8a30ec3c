"""Types: dates and times."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.changes.change import of_column

MIDNIGHT = [dt.datetime(2024, 1, 1), dt.datetime(2024, 2, 29), None]  # noqa: DTZ001
DAYS = [dt.date(2024, 1, 1), dt.date(2024, 2, 29), None]
ON_SQLITE = {"sqlite": "Moments are texts, and have no zone and no precision."}
NO_ZONE = {**ON_SQLITE, "mariadb": "DATETIME and TIME have no zone."}
ONLY_POSTGRESQL = {
    "only": ["postgresql"],
    "because": "Moments have no such parameter, and there is no INTERVAL.",
}
ONLY_MARIADB = {"only": ["mariadb"], "because": "There is no such type."}
TEXTS = ["2024-01-01 12:30:00", "2024-02-29 00:00:00", None]
MOMENTS = [dt.datetime(2024, 1, 1, 12, 30), dt.datetime(2024, 2, 29), None]  # noqa: DTZ001


def moment(**options):
    return lambda: postgresql.TIMESTAMP(**options)


def span(**options):
    return lambda: postgresql.INTERVAL(**options)


CHANGES = (
    of_column(
        "a moment gets a zone",
        sa.DateTime,
        lambda: sa.DateTime(timezone=True),
        values=MOMENTS,
        filled=[one and one.replace(tzinfo=dt.UTC) for one in MOMENTS],
        without=NO_ZONE,
    ),
    of_column(
        "a moment loses its zone",
        lambda: sa.DateTime(timezone=True),
        sa.DateTime,
        values=[one and one.replace(tzinfo=dt.UTC) for one in MOMENTS],
        filled=MOMENTS,
        without=NO_ZONE,
    ),
    of_column(
        "a time gets a zone",
        sa.Time,
        lambda: sa.Time(timezone=True),
        values=[dt.time(12, 30), None],
        filled=[dt.time(12, 30, tzinfo=dt.UTC), None],
        without=NO_ZONE,
    ),
    of_column(
        "a day becomes a moment",
        sa.Date,
        sa.DateTime,
        values=DAYS,
        filled=MIDNIGHT,
    ),
    of_column(
        "a moment becomes a day",
        sa.DateTime,
        sa.Date,
        values=MIDNIGHT,
        filled=DAYS,
    ),
    of_column(
        "a text becomes a moment",
        lambda: sa.String(30),
        sa.DateTime,
        values=TEXTS,
        filled=MOMENTS,
    ),
    of_column("a moment becomes a text", sa.DateTime, lambda: sa.String(30), values=[None]),
    of_column(
        "a text becomes a time",
        lambda: sa.String(30),
        sa.Time,
        values=["12:30:00", None],
        filled=[dt.time(12, 30), None],
    ),
    of_column(
        "a moment gets a precision",
        moment(),
        moment(precision=3),
        values=MOMENTS,
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "the precision of a moment changes",
        moment(precision=3, timezone=True),
        moment(precision=0, timezone=True),
        values=[one and one.replace(tzinfo=dt.UTC) for one in MOMENTS],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "a time gets a precision",
        postgresql.TIME,
        lambda: postgresql.TIME(precision=2),
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "an interval gets fields",
        span(),
        span(fields="DAY TO SECOND"),
        values=[dt.timedelta(days=2, hours=3), None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "the fields of an interval change",
        span(fields="DAY"),
        span(fields="DAY TO HOUR"),
        values=[dt.timedelta(days=2), None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "an interval gets a precision",
        span(),
        span(precision=3),
        values=[dt.timedelta(days=2, hours=3), None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "an interval of any server gets a precision",
        sa.Interval,
        lambda: sa.Interval(second_precision=6, day_precision=2),
        values=[dt.timedelta(days=2, hours=3), None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "intervals in a list get a precision",
        lambda: sa.ARRAY(sa.Interval),
        lambda: sa.ARRAY(sa.Interval(second_precision=3)),
        values=[[dt.timedelta(days=2, hours=3)], None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "an interval of one server gets a precision",
        lambda: sa.String(40).with_variant(sa.Interval(second_precision=1), "postgresql"),
        lambda: sa.String(40).with_variant(sa.Interval(second_precision=2), "postgresql"),
        values=[None],
        **ONLY_POSTGRESQL,
    ),
    of_column(
        "DATETIME gets parts of a second",
        mysql.DATETIME,
        lambda: mysql.DATETIME(fsp=6),
        values=MOMENTS,
        **ONLY_MARIADB,
    ),
    of_column(
        "DATETIME loses parts of a second",
        lambda: mysql.DATETIME(fsp=6),
        mysql.DATETIME,
        values=MOMENTS,
        **ONLY_MARIADB,
    ),
    of_column(
        "DATETIME becomes TIMESTAMP",
        sa.DATETIME,
        sa.TIMESTAMP,
        values=MOMENTS,
        without={"postgresql": "There is no DATETIME."},
    ),
    of_column(
        "TIME gets parts of a second",
        mysql.TIME,
        lambda: mysql.TIME(fsp=3),
        values=[dt.timedelta(hours=12), None],
        **ONLY_MARIADB,
    ),
    of_column(
        "YEAR becomes SMALLINT",
        mysql.YEAR,
        sa.SmallInteger,
        values=[2024, 1999, None],
        **ONLY_MARIADB,
    ),
)
