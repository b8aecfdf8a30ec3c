"""Options whose default is more than a plain value."""


class WhereNeeded(int):
    """True as a number and in a condition, and known as "nobody chose".

    `render_as_batch` is true by default, as it was in Flask-Migrate, and means:
    batch mode for what SQLite cannot do natively. Someone who passes True
    themselves gets batch mode for everything.
    """

    def __repr__(self) -> str:
        return "True"


WHERE_NEEDED = WhereNeeded(1)
