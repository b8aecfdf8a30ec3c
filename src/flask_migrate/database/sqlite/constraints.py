"""The constraints of a CREATE TABLE statement as values, wherever they were written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_migrate.database.sqlite import ddl
from flask_migrate.database.sqlite.canonical import canonical_expression, canonical_name
from flask_migrate.database.sqlite.ddl import Clause, Found
from flask_migrate.database.sqlite.terms import Known, Term, listed, terms
from flask_migrate.database.sqlite.tokens import Token, fold, significant
from flask_migrate.values.schema import Constraint, Kind, Name

ACTIONS = ("CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT")
"""What else may happen than NO ACTION."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a foreign key does. Empty is what SQLite does anyway.

    Attributes:
        on_delete: What to do with a row where the one that it refers to is deleted.
        on_update: What to do with it where that one changes.
        match: Behind MATCH, to which SQLite does not listen.
        deferral: DEFERRABLE, or DEFERRABLE INITIALLY DEFERRED.
    """

    on_delete: str = ""
    on_update: str = ""
    match: str = ""
    deferral: str = ""

    @property
    def text(self) -> str:
        """What stands behind the columns of the other table, a space before it."""
        said = {"ON DELETE": self.on_delete, "ON UPDATE": self.on_update, "MATCH": self.match}
        words = [f"{word} {value}" for word, value in said.items() if value]
        return "".join(f" {one}" for one in [*words, self.deferral] if one)


_RULE = re.compile(r"\b(?:ON|MATCH|DEFERRABLE)\b", re.IGNORECASE)
_USUAL = Rules()


def constraints_of(
    table: ddl.Table, known: Known, parents: Mapping[str, Known], *, rowid: str | None
) -> tuple[Constraint, ...]:
    """Return the constraints of a table; what is there twice only once.

    Args:
        table: What its statement says.
        known: What it is to its keys.
        parents: The tables that foreign keys can refer to, by their folded names.
        rowid: The column that is another name for the number of a row.
    """
    found = [
        *_keys(table, known, rowid),
        *_checks(table, known),
        *_foreign_keys(table, known, parents),
    ]
    return in_order(found)


def in_order(constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Return constraints sorted by kind, name and definition."""
    unique = dict.fromkeys(constraints)
    return tuple(sorted(unique, key=lambda one: (one.kind, one.name or "", one.definition)))


def conflict_of(clause: Clause) -> str:
    """Return what is to happen where a constraint is not kept, if that is not ABORT.

    >>> conflict_of(Clause(kind=ddl.Kind.UNIQUE, text="", body="UNIQUE (a) on conflict ignore"))
    ' ON CONFLICT IGNORE'
    """
    if "CONFLICT" not in clause.body.upper():
        return ""
    words = [token.keyword for token in significant(clause.body)]
    for at, word in enumerate(words[:-2]):
        if (word, words[at + 1]) == ("ON", "CONFLICT"):
            return "" if words[at + 2] == "ABORT" else f" ON CONFLICT {words[at + 2]}"
    return ""


def _keys(table: ddl.Table, known: Known, rowid: str | None) -> Iterator[Constraint]:
    for one in table.found(ddl.Kind.PRIMARY_KEY, ddl.Kind.UNIQUE):
        is_primary = one.clause.kind is ddl.Kind.PRIMARY_KEY
        parts = [Term(rowid, canonical_name(rowid))] if is_primary and rowid else _parts(one, known)
        word = "PRIMARY KEY" if is_primary else "UNIQUE"
        text = ", ".join(part.text for part in parts)
        yield Constraint(
            kind=Kind.PRIMARY_KEY if is_primary else Kind.UNIQUE,
            name=one.clause.name,
            columns=tuple(part.column for part in parts if part.column),
            definition=f"{word} ({text}){conflict_of(one.clause)}",
        )


def _parts(found: Found, known: Known) -> list[Term]:
    clause = found.clause
    if found.column is not None:
        is_descending = any(token.keyword == "DESC" for token in significant(clause.body))
        text = canonical_name(found.column) + (" DESC" if is_descending else "")
        return [Term(found.column, text)]
    start, end = clause.lists or (0, 0)
    return list(terms(significant(clause.body[start:end]), known))


def _checks(table: ddl.Table, known: Known) -> Iterator[Constraint]:
    for one in table.found(ddl.Kind.CHECK):
        expression = canonical_expression(one.clause.expression, known.columns)
        yield Constraint(
            kind=Kind.CHECK,
            name=one.clause.name,
            columns=(),
            definition=f"CHECK ({expression}){conflict_of(one.clause)}",
        )


def _foreign_keys(
    table: ddl.Table, known: Known, parents: Mapping[str, Known]
) -> Iterator[Constraint]:
    for one, deferral in _with_deferrals(table):
        clause = one.clause
        rules = rules_of(clause)
        yield foreign_key(
            known,
            parents.get(fold(clause.refers_to or "")),
            name=clause.name,
            columns=one.columns,
            refers_to=(clause.refers_to or "", clause.refers_columns),
            rules=replace(rules, deferral=deferral) if deferral else rules,
        )


def foreign_key(
    table: Known,
    parent: Known | None,
    *,
    name: str | None,
    columns: Sequence[str],
    refers_to: tuple[str, Sequence[str]],
    rules: Rules,
) -> Constraint:
    """Return a foreign key.

    Args:
        table: The table that has it.
        parent: The table that it refers to; None if there is none.
        name: Its name, if it has one.
        columns: Its columns.
        refers_to: Table and columns as they are written; no columns mean the primary key.
        rules: What stands behind the columns of the other table.
    """
    target = parent.name if parent else Name(table.name.schema, refers_to[0])
    given = refers_to[1]
    if parent is not None:
        given = tuple(map(parent.column, given)) or parent.key
    own = tuple(map(table.column, columns))
    there = f" {listed(given)}" if given else ""
    return Constraint(
        kind=Kind.FOREIGN_KEY,
        name=name,
        columns=own,
        definition=(
            f"FOREIGN KEY {listed(own)} REFERENCES {canonical_name(target.name)}{there}{rules.text}"
        ),
        target=target,
        target_columns=tuple(given),
    )


def _with_deferrals(table: ddl.Table) -> Iterator[tuple[Found, str]]:
    """Yield each foreign key, with what a clause of its own says of the one before it."""
    last: Found | None = None
    deferral = ""
    for one in table.found(ddl.Kind.FOREIGN_KEY, ddl.Kind.DEFERRABLE):
        if one.clause.kind is ddl.Kind.DEFERRABLE:
            deferral = _deferral(significant(one.clause.body))
            continue
        if last is not None:
            yield last, deferral
        last, deferral = one, ""
    if last is not None:
        yield last, deferral


def rules_of(clause: Clause) -> Rules:
    """Return what a foreign key does, as its clause says it."""
    if not _RULE.search(clause.body):
        return _USUAL
    words = _behind_target(clause)
    return Rules(
        on_delete=_action("DELETE", words),
        on_update=_action("UPDATE", words),
        match=_match(words),
        deferral=_deferral(words),
    )


def _behind_target(clause: Clause) -> list[Token]:
    """Return what stands behind the name of the table that a foreign key refers to."""
    tokens = significant(clause.body)
    at = next(at for at, token in enumerate(tokens) if token.keyword == "REFERENCES")
    behind = list(tokens[at + 2 :])
    if behind and behind[0].text == "(":
        del behind[: [token.text for token in behind].index(")") + 1]
    return behind


def _action(event: str, words: Sequence[Token]) -> str:
    keywords = [word.keyword for word in words]
    said = ""
    for at, word in enumerate(keywords[:-2]):
        if (word, keywords[at + 1]) == ("ON", event):
            said = " ".join(keywords[at + 2 : at + 4])
    return next((one for one in ACTIONS if said.startswith(one)), "")


def _match(words: Sequence[Token]) -> str:
    names = [words[at + 1].text for at, word in enumerate(words[:-1]) if word.keyword == "MATCH"]
    return names[-1].upper() if names and names[-1].upper() != "SIMPLE" else ""


def _deferral(words: Sequence[Token]) -> str:
    keywords = [word.keyword for word in words]
    if "DEFERRABLE" not in keywords or "NOT" in keywords:
        return ""
    return "DEFERRABLE INITIALLY DEFERRED" if "DEFERRED" in keywords else "DEFERRABLE"
