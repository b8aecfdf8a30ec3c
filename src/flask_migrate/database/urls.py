"""Addresses of databases, and how they are shown: never with a password."""

from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from sqlalchemy.engine import URL


def show_url(url: URL) -> str:
    """Return an address without its password, as SQLAlchemy shows it."""
    return url.render_as_string(hide_password=True)


def passwords(urls: Iterable[URL]) -> tuple[str, ...]:
    """Return every form in which a password of these addresses may turn up in a text."""
    found: set[str] = set()
    for url in urls:
        password = str(url.password) if url.password else ""
        if password and password != url.username:
            found |= {password, quote(password, safe=""), quote_plus(password)}
        found |= {str(value) for key, value in url.query.items() if key == "password" and value}
    return tuple(sorted(found, key=len, reverse=True))
