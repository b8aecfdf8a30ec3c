"""Connections of asynchronous engines, which belong to the event loop that opened them."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from flask_migrate._sqlalchemy import pool_without_memory


@contextmanager
def unpooled(engines: Iterable[Engine]) -> Generator[None]:
    """Let asynchronous engines open each connection anew, for as long as this lasts.

    `env.py` runs an event loop of its own: it could not use a connection that the
    application has pooled, nor the application, or the next command, one of `env.py`.

    Args:
        engines: Any engines; an asynchronous one as its `sync_engine`.
    """
    before = [
        (engine, engine.pool)
        for engine in engines
        if isinstance(engine.pool, AsyncAdaptedQueuePool)
    ]
    for engine, _ in before:
        engine.pool = pool_without_memory(engine)
    try:
        yield
    finally:
        for engine, pool in before:
            engine.pool = pool


def engine_beside(engine: Engine) -> Engine:
    """Return an engine that opens connections as another does, and keeps none.

    They come out of no pool, so that a pool of one is enough for whoever holds one of
    its connections already, and they tell the listeners of that engine nothing.
    """
    return Engine(pool_without_memory(engine), engine.dialect, engine.url)
