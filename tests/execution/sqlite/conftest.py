import pytest
import sqlalchemy as sa

from tests.execution.sqlite.lab import Lab


@pytest.fixture
def make_lab(tmp_path):
    """A function that makes a database: make_lab(foreign_keys=True)."""
    engines, connections = [], []

    def make(*, foreign_keys=False, **options):
        engine = sa.create_engine(f"sqlite:///{tmp_path}/{len(engines)}.db")
        engines.append(engine)
        connections.append(engine.connect())
        connections[-1].exec_driver_sql(f"PRAGMA foreign_keys = {foreign_keys:d}")
        connections[-1].commit()
        return Lab(connections[-1], **options)

    yield make
    for connection in connections:
        connection.close()
    for engine in engines:
        engine.dispose()


@pytest.fixture
def lab(make_lab):
    return make_lab()
