"""Goes through a statement word by word, and keeps how it was written."""

from flask_migrate.database.sqlite.tokens import Token, tokenize

END = Token("end", "", 0)


class UnreadableDDL(ValueError):
    """A statement is not one that we understand, so it is not touched."""


class Reader:
    """Goes through a statement word by word, and remembers how it was written."""

    def __init__(self, sql: str) -> None:
        self._sql = sql
        self.tokens = tokenize(sql)
        self._places = [at for at, token in enumerate(self.tokens) if token.kind != "space"]
        self._words = [*(self.tokens[at] for at in self._places), END, END]
        self._next = 0
        self.position = 0
        self.group = (0, 0)
        self.body_start = 0
        self.is_beyond_columns = False

    def beyond_columns(self) -> "Reader":
        """Expect constraints of the table from here on."""
        self.is_beyond_columns = True
        return self

    def peek(self, ahead: int = 0) -> Token:
        """Return one of the next words without taking it."""
        return self._words[self._next + ahead]

    def keyword(self, ahead: int = 0) -> str:
        """Return one of the next words in upper case, or nothing if it is no plain word."""
        return self.peek(ahead).keyword

    def take(self) -> Token:
        """Take the next word, with the space before it."""
        token = self.peek()
        if token is END or token.text in {"'", '"', "`", "["}:
            raise self.confused()
        self._next += 1
        self.position = token.end
        return token

    def take_name(self) -> str:
        """Take the next word, which must be a name."""
        if not self.peek().is_name:
            raise self.confused()
        return self.take().text

    def take_group(self) -> str:
        """Take everything in a pair of parentheses, and remember which tokens they are."""
        mark, first = self.position, self._next
        self.expect("(")
        depth = 1
        while depth:
            depth += {"(": 1, ")": -1}.get(self.take().text, 0)
        self.group = (self._places[first], self._places[self._next - 1])
        return self.since(mark)

    def expect(self, *keywords: str) -> None:
        """Take certain words."""
        for keyword in keywords:
            if self.keyword() != keyword:
                raise self.confused()
            self.take()

    def space(self) -> str:
        """Take the space and the comments before the next word."""
        mark = self.position
        token = self.peek()
        self.position = len(self._sql) if token is END else token.start
        return self.since(mark)

    def comma(self) -> tuple[str, str]:
        """Take a comma, and a comment behind it that ends with the line."""
        if self.keyword() != ",":
            return "", ""
        self.take()
        line, newline, _ = self._sql[self.position :].partition("\n")
        is_remark = newline and line.strip().startswith("--")
        if not is_remark:
            return ",", ""
        self.position += len(line) + 1
        return ",", line + newline

    def since(self, mark: int) -> str:
        """Return what was taken since a position."""
        return self._sql[mark : self.position]

    def past(self) -> str:
        """Return everything that was taken."""
        return self.since(0)

    def rest(self) -> str:
        """Take everything that is left. What was not taken before the next word is part of it."""
        return self._sql[self.position :]

    def begin_body(self) -> None:
        """Remember that a clause, its name left out, begins with the next word."""
        self.body_start = self.position if self.peek() is END else self.peek().start

    def body(self) -> str:
        """Return the clause since `begin_body`."""
        return self.since(self.body_start)

    def confused(self) -> UnreadableDDL:
        """Return the error for a word that we did not expect."""
        near = self._sql[self.position : self.position + 40].strip()
        return UnreadableDDL(f"cannot read it near {near!r}")
