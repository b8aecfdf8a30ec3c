"""Addresses of databases, and how they are shown: never with a password."""

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from sqlalchemy.engine import URL

from flask_migrate.database.hide import MASK

_SECRET_KEY = re.compile(r"pass|pwd|secret|token|odbc_connect", re.IGNORECASE)


def show_url(url: URL) -> str:
    """Return an address without its password, nor what is kept secret in its query."""
    secret = {key: MASK for key in url.query if _SECRET_KEY.search(key)}
    shown = url.update_query_dict(secret).set(host=_host(url))
    return shown.render_as_string(hide_password=True).replace(quote_plus(MASK), MASK)


def has_stray_at_sign(url: URL) -> bool:
    """Return whether a password was cut in two, because it has an @ that is not quoted."""
    return url.password is not None and "@" in (url.host or "")


def passwords(urls: Iterable[URL]) -> tuple[str, ...]:
    """Return every form in which a password of these addresses may turn up in a text."""
    found: set[str] = set()
    for url in urls:
        if url.password and str(url.password) != url.username:
            found.add(str(url.password))
        if has_stray_at_sign(url):
            found.add(str(url.host).rpartition("@")[0])
        for key, value in url.query.items():
            if _SECRET_KEY.search(key):
                found.update([value] if isinstance(value, str) else value)
    forms = {form for one in found if one for form in (one, quote(one, safe=""), quote_plus(one))}
    return tuple(sorted(forms, key=len, reverse=True))


def _host(url: URL) -> str | None:
    return str(url.host).rpartition("@")[2] if has_stray_at_sign(url) else url.host
