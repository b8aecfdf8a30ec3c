"""Hide passwords in texts. Needs nothing of SQLAlchemy."""

import re
from collections.abc import Iterable

_CREDENTIALS = re.compile(r"(?P<before>://[^:/@\s]*:)(?P<password>\S*)(?P<after>@)")

MASK = "***"


def hide_passwords(text: str, *, known: Iterable[str] = ()) -> str:
    """Return a text in which no password can be read.

    Args:
        text: What is to be shown.
        known: Passwords to hide wherever they stand as a word; whatever looks like
            the password of an address is hidden besides.
    """
    text = _CREDENTIALS.sub(rf"\g<before>{MASK}\g<after>", text)
    for password in known:
        text = re.sub(rf"(?<!\w){re.escape(password)}(?!\w)", MASK, text)
    return text
