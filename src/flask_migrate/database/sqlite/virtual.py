"""Which tables belong to virtual ones, where their modules keep what they know."""

from collections.abc import Iterable, Iterator

from flask_migrate.database.sqlite.tokens import fold, significant, unquote

_SHADOWS = {
    "fts3": ("content", "segdir", "segments"),
    "fts4": ("content", "docsize", "segdir", "segments", "stat"),
    "fts5": ("config", "content", "data", "docsize", "idx"),
    "geopoly": ("node", "parent", "rowid"),
    "rtree": ("node", "parent", "rowid"),
    "rtree_i32": ("node", "parent", "rowid"),
}


def shadows_of(statements: Iterable[str]) -> frozenset[str]:
    """Return the names, folded, of the tables that belong to virtual tables.

    Of modules that do not come with SQLite we do not know them.

    Args:
        statements: The CREATE statements of virtual tables.

    >>> sorted(shadows_of(["CREATE VIRTUAL TABLE Area USING rtree(id, x, y)"]))
    ['area_node', 'area_parent', 'area_rowid']
    """
    return frozenset(name for sql in statements for name in _shadows(sql))


def _shadows(sql: str) -> Iterator[str]:
    words = significant(sql)
    using = next((at for at, word in enumerate(words) if word.keyword == "USING"), None)
    if using is not None and 0 < using < len(words) - 1:
        table, module = (fold(unquote(words[at].text)) for at in (using - 1, using + 1))
        yield from (f"{table}_{part}" for part in _SHADOWS.get(module, ()))
