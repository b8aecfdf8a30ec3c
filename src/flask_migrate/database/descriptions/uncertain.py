"""When a description would be a guess."""


class Uncertain(Exception):
    """Only the server can say what it makes of this."""


def require(is_certain: object) -> None:
    """See that a description is no guess.

    Raises:
        Uncertain: It is one.
    """
    if not is_certain:
        raise Uncertain
