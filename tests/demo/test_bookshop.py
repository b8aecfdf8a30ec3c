"""The main job on the demo's application with 10,000 rows: up and down, and no row is lost."""

import shutil

import pytest

from tools.demo import APPLICATION, CHANGE, ROWS

SHOP = "1,000 authors, 9,000 books, worth 413,865.00\n"


@pytest.fixture
def shop(project):
    """The bookshop on an empty database of each kind, its first migration applied, and full."""
    shutil.copytree(APPLICATION, project.path, dirs_exist_ok=True)
    project.db("init")
    project.db("migrate", "-m", "create authors and books")
    project.db("upgrade")
    project.run("-m", "flask", "fill", str(ROWS))
    return project


def test_no_row_is_lost_on_the_way_up_and_down(shop):
    assert count(shop) == SHOP

    shutil.copy(CHANGE / "models.py", shop.path)
    shop.db("migrate", "-m", "add reviews and stock")
    shop.db("upgrade")
    assert count(shop) == SHOP
    shop.db("check")
    assert shop.execute("SELECT count(*) FROM books WHERE stock = 0") == [(9_000,)]
    shop.execute("INSERT INTO reviews (id, stars, book_id) VALUES (1, 5, 1)")
    with pytest.raises(Exception, match="ck_books_price_not_negative"):
        shop.execute("UPDATE books SET price = -1 WHERE id = 1")

    shop.db("downgrade")
    assert count(shop) == SHOP
    assert shop.tables() == {"alembic_version", "authors", "books"}
    shop.db("downgrade", "base")
    assert shop.tables() == {"alembic_version"}


def count(shop):
    return shop.run("-m", "flask", "count").stdout
