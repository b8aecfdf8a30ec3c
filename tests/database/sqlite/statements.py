"""CREATE TABLE statements as people write them: every clause, every quote, comments."""

from hypothesis import strategies as st

NAMES = ("id", "a", "b b", "order", "näme", "C", "x$y")
_QUOTES = ('"{}"', "`{}`", "[{}]", "'{}'")
_SPACES = (" ", "\n  ", " /* , ) */ ", "\t", " -- it's (a remark\n")
_TYPES = ("", "INTEGER", "VARCHAR(20)", "DECIMAL(10, -2)", "DOUBLE PRECISION", '"my type"', "DATE")
_CONFLICTS = ("", " ON CONFLICT IGNORE", " ON CONFLICT REPLACE")
_ACTIONS = (
    "",
    " ON DELETE CASCADE",
    " ON DELETE SET NULL ON UPDATE NO ACTION",
    " MATCH FULL ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED",
    " NOT DEFERRABLE",
)

spaces = st.sampled_from(_SPACES)
conflicts = st.sampled_from(_CONFLICTS)
actions = st.sampled_from(_ACTIONS)


@st.composite
def names(draw, name):
    """One way to write a name."""
    is_plain = name.isidentifier() and name != "order"
    ways = [way.format(name) for way in _QUOTES] + ([name] if is_plain else [])
    return draw(st.sampled_from(ways))


@st.composite
def clauses(draw, column):
    """A clause of a column."""
    kind = draw(
        st.sampled_from(["default", "check", "collate", "not null", "unique", "key", "null"])
    )
    text = {
        "default": draw(
            st.sampled_from(
                [
                    "DEFAULT 5",
                    "DEFAULT -1.5",
                    "DEFAULT 'it''s, ('",
                    "DEFAULT (1 + (2))",
                    "DEFAULT CURRENT_TIMESTAMP",
                    "DEFAULT x'00ff'",
                    "DEFAULT true",
                    "DEFAULT NULL",
                ]
            )
        ),
        "check": f'CHECK ("{column}" IS NULL OR "{column}" <> \')\')',
        "collate": "COLLATE " + draw(st.sampled_from(["NOCASE", '"RTRIM"', "[binary]"])),
        "not null": "NOT NULL" + draw(conflicts),
        "unique": "UNIQUE" + draw(conflicts),
        "key": f"REFERENCES {draw(names('parent'))}(id){draw(actions)}",
        "null": "NULL",
    }[kind]
    named = draw(st.sampled_from(["", "CONSTRAINT c1 ", 'CONSTRAINT "c 2"\n']))
    return f"{named}{text}"


@st.composite
def columns(draw, name):
    """A column."""
    parts = [draw(names(name)), draw(st.sampled_from(_TYPES))]
    parts += draw(st.lists(clauses(name), max_size=3))
    return "".join(draw(spaces) + part for part in parts if part)


@st.composite
def constraints(draw, among):
    """A constraint of the table."""
    about = draw(st.lists(st.sampled_from(among), min_size=1, max_size=2, unique=True))
    listed = ", ".join([draw(names(name)) for name in about])
    kind = draw(st.sampled_from(["UNIQUE", "CHECK", "FOREIGN KEY"]))
    text = {
        "UNIQUE": f"UNIQUE ({listed}){draw(conflicts)}",
        "CHECK": f'CHECK (("{about[0]}") IS NOT 7){draw(conflicts)}',
        "FOREIGN KEY": f"FOREIGN KEY ({listed}) REFERENCES parent{draw(actions)}",
    }[kind]
    return draw(st.sampled_from(["", "CONSTRAINT [t 1] ", "CONSTRAINT x CONSTRAINT y "])) + text


@st.composite
def create_tables(draw, name="t"):
    """A CREATE TABLE statement."""
    chosen = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    items = [draw(columns(one)) for one in chosen]
    keys = draw(st.sampled_from([None, "column", "table"]))
    options = ""
    if keys == "column":
        ends = st.sampled_from(["ASC", "DESC", "AUTOINCREMENT", "ON CONFLICT FAIL AUTOINCREMENT"])
        items.append(f" pk INTEGER PRIMARY KEY {draw(ends)}")
    elif keys == "table":
        items.append(draw(spaces) + f"PRIMARY KEY ({draw(names(chosen[0]))} DESC){draw(conflicts)}")
        options = draw(st.sampled_from(["", " WITHOUT ROWID", "\nwithout /* no */ rowid"]))
    if draw(st.booleans()) and keys != "table":
        items.append(" g INT GENERATED ALWAYS AS (1 + (2)) VIRTUAL")
    if keys != "table":
        items += [draw(spaces) + text for text in draw(st.lists(constraints(chosen), max_size=2))]
    comma = draw(st.sampled_from([",", ", -- remark )\n"]))
    return f"CREATE TABLE {draw(names(name))} ({comma.join(items)}{draw(spaces)}){options}"
