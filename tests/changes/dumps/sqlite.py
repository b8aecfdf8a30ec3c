"""A SQLite database as its pragmas and `sqlite_master` say it is.

What the pragmas do not tell is read from the statement that made a table, split into
clauses: a clause of a column that could as well be one of the table is taken as that.
"""

import re

import sqlalchemy as sa

_NOT_OURS = ("alembic_version", "flask_migrate_lease")
_MASTER = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' "
_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|\s+
    |(?P<text>[xX]?'(?:[^']|'')*')
    |"(?P<double>(?:[^"]|"")*)"|`(?P<back>(?:[^`]|``)*)`|\[(?P<square>[^]]*)\]
    |(?P<word>[\w$.]+)|(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_OF_TABLE = {"constraint", "primary", "unique", "check", "foreign"}
_OF_COLUMN = {
    *("constraint", "primary", "not", "null", "unique", "check", "default", "collate"),
    *("references", "generated", "as"),
}
# What looks like the beginning of a clause, and goes on with one: NOT DEFERRABLE, SET NULL.
_GOES_ON = {
    *(("not", "null"), ("set", "null"), ("set", "default"), ("default", "null")),
    *(("always", "as"), ("default", "not")),
}


def dump(database, metadata):
    """Return what there is: facts of pragmas, and clauses of statements."""
    engine = sa.create_engine(database.url, poolclass=sa.NullPool)
    named = _names(metadata)
    lines = []
    with engine.connect() as connection:
        entries = connection.exec_driver_sql(_MASTER + "ESCAPE '~'").all()
        for kind, name, table, sql in entries:
            if table in _NOT_OURS:
                continue
            if kind == "table":
                facts = [*_facts(connection, name), *_clauses(sql, named)]
                lines += [f"{name}: {fact}" for fact in facts]
            else:
                lines.append(f"{kind} {name} on {table}: {' '.join(_tokens(sql))}")
    return sorted(lines)


def _names(metadata):
    """Return the names of all constraints of the models that have one."""
    return {
        one.name.casefold()
        for table in metadata.tables.values()
        for part in (table, *table.columns)
        for one in part.constraints
        if isinstance(one.name, str)
    }


def _facts(connection, table):
    def ask(pragma, of, columns):
        quoted = of.replace("'", "''")
        statement = f"SELECT {columns} FROM pragma_{pragma}('{quoted}')"
        return connection.exec_driver_sql(statement).all()

    for row in ask("table_xinfo", table, 'name, upper(type), "notnull", dflt_value, pk, hidden'):
        default = None if row[3] is None else " ".join(_tokens(row[3]))
        yield f"column {(*row[:3], _without_parentheses(default), *row[4:])}"
    keys = {}
    for number, *facts in ask(
        "foreign_key_list",
        table,
        'id, seq, "table", "from", "to", on_update, on_delete, "match"',
    ):
        keys.setdefault(number, []).append(tuple(facts))
    yield from (f"foreign key {sorted(facts)}" for facts in keys.values())
    for name, unique, origin, partial in ask(
        "index_list", table, 'name, "unique", origin, partial'
    ):
        shown = name if origin == "c" else ""
        columns = ask("index_xinfo", name, 'seqno, name, "desc", coll, key')
        key_columns = [tuple(column) for column in columns if column[-1]]
        yield f"index {shown} {unique} {origin} {partial} {key_columns}"


def _clauses(sql, named):
    tokens = _tokens(sql)
    opening = tokens.index("(") if "(" in tokens else len(tokens)
    items, options = _items(tokens[opening:])
    yield f"made by {' '.join(tokens[:1])} ... {sorted(' '.join(option) for option in options)}"
    for item in items:
        if item[0] in _OF_TABLE:
            yield _constraint(*_name_and_body(item), named)
        else:
            yield from _clauses_of_column(item, named)


def _clauses_of_column(item, named):
    """Yield the clauses of a column, but those that the pragmas tell."""
    column = item[0]
    name = None
    for clause in _split(item[1:]):
        first = clause[0]
        if first == "constraint":
            name, clause = clause[1], clause[2:]  # noqa: PLW2901 - the rest of it
            first = clause[0] if clause else None
        if first is None:
            continue
        if first in {"unique", "references", "check", "primary"}:
            if "autoincrement" in clause:
                yield f"{column}: autoincrement"
            yield _constraint(name, _as_of_table(column, clause), named)
        elif first != "default" and clause not in (["not", "null"], ["null"]):
            words = clause[:-1] if clause[-1] == "virtual" else clause  # as without the word
            yield f"{column}: {' '.join(words)}"
        name = None


def _as_of_table(column, clause):
    if clause[0] == "unique":
        return ["unique", "(", column, ")", *clause[1:]]
    if clause[0] == "references":
        return ["foreign", "key", "(", column, ")", *clause]
    if clause[0] == "primary":
        rest = [token for token in clause[2:] if token not in {"autoincrement", "asc"}]
        return ["primary", "key", "(", column, ")", *rest]
    return clause


def _constraint(name, body, named):
    shown = f"constraint {name} " if name in named else ""
    return shown + " ".join(body)


def _name_and_body(item):
    return (item[1], item[2:]) if item[0] == "constraint" else (None, item)


def _split(tokens):
    """Return the clauses of a column; its type is what is before the first of them."""
    clauses, depth, before = [[]], 0, ""
    for position, token in enumerate(tokens):
        following = tokens[position + 1] if position + 1 < len(tokens) else ""
        begins = (
            depth == 0
            and token in _OF_COLUMN
            and (before, token) not in _GOES_ON
            and (token, following) != ("not", "deferrable")
            and clauses[-1][:1] + clauses[-1][2:] != ["constraint"]
        )
        if begins:
            clauses.append([])
        depth += {"(": 1, ")": -1}.get(token, 0)
        clauses[-1].append(token)
        before = token
    return [clause for clause in clauses[1:] if clause]


def _items(tokens):
    """Return what is between the parentheses, and after them, split at the commas."""
    items, options, depth = [[]], [[]], 0
    for word in tokens:
        depth -= word == ")"
        if depth == 0 and word in "()":
            depth += word == "("
            continue
        place = items if depth else options
        if word == "," and depth <= 1:
            place.append([])
        else:
            place[-1].append(word)
        depth += word == "("
    return [item for item in items if item], [option for option in options if option]


def _tokens(sql):
    """Return the words of a statement: names without quotes, all in lower case but texts."""
    tokens = []
    for match in _TOKEN.finditer(sql or ""):
        kind = match.lastgroup
        if kind is not None:
            token = match[kind]
            tokens.append(token if kind == "text" else token.casefold())
    return [*_with_one_unequal(tokens)]


def _with_one_unequal(tokens):
    """Yield the words, with != in place of <>."""
    for before, token, following in zip(["", *tokens], tokens, [*tokens[1:], ""]):  # noqa: B905
        if (token, following) == ("<", ">"):
            yield "!"
        else:
            yield "=" if (before, token) == ("<", ">") else token


def _without_parentheses(text):
    while text and text.startswith("( ") and text.endswith(" )") and _is_one_group(text):
        text = text[2:-2]
    return text


def _is_one_group(text):
    depth = 0
    for position, token in enumerate(tokens := text.split(" ")):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth == 0 and position < len(tokens) - 1:
            return False
    return True
