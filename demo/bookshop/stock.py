"""Fill the bookshop, and count what is in it."""

from decimal import Decimal

from sqlalchemy import func, insert, select

from models import Author, Book, db

BOOKS_OF_AN_AUTHOR = 9


def fill(rows):
    """Put so many rows into the shop: each author with nine books."""
    authors = rows // (BOOKS_OF_AN_AUTHOR + 1)
    books = rows - authors
    db.session.execute(insert(Author.__table__), [_author(number) for number in range(authors)])
    db.session.execute(insert(Book.__table__), [_book(number, authors) for number in range(books)])
    db.session.commit()


def summary():
    """Return in one line how much is in the shop, and what it is worth."""
    authors = db.session.scalar(select(func.count()).select_from(Author))
    books = db.session.scalar(select(func.count()).select_from(Book))
    worth = sum(db.session.scalars(select(Book.price)), Decimal())
    return f"{authors:,} authors, {books:,} books, worth {worth:,.2f}"


def _author(number):
    return {"id": number + 1, "name": f"Author {number + 1}"}


def _book(number, authors):
    return {
        "title": f"Book {number + 1}, čtení",
        "isbn": f"978{number:010}",
        "price": Decimal(number % 9000 + 99) / 100,
        "author_id": number % authors + 1,
    }
