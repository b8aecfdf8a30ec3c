"""PostgreSQL's domains: how they come, change and go."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from flask_migrate.autogenerate.differences import Differences
from flask_migrate.autogenerate.operations import RunSQL
from flask_migrate.autogenerate.text import escaped
from flask_migrate.autogenerate.write.involved import OLD, can_alter
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.database.models.postgresql_text import stable
from flask_migrate.values.schema import Domain, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Domains:
    """Writes what happens to types with conditions.

    Attributes:
        differences: What is to be settled.
        server: What is particular to the server.
    """

    differences: Differences
    server: Server

    def first(self) -> Iterator[RunSQL]:
        """Yield what comes before the tables."""
        come = [one.after for one in self.differences.domains if one.after]
        for one in sorted(self.differences.domains, key=lambda one: self._depth(one.after, come)):
            if one.after is None:
                continue
            if one.before is None:
                yield self._create(one.after)
            elif can_alter(one.before, one.after):
                yield from self._alter(one.before, one.after)
            else:
                old = self.server.quote(one.before.name.name + OLD)
                yield RunSQL(f"ALTER DOMAIN {self.server.quoted(one.before.name)} RENAME TO {old}")
                yield self._create(one.after)

    def last(self) -> Iterator[RunSQL]:
        """Yield what comes after the tables: domains that nothing uses any more."""
        go = [one.before for one in self.differences.domains if one.before]
        for one in sorted(self.differences.domains, key=lambda one: -self._depth(one.before, go)):
            if one.before is None:
                continue
            name = one.before.name
            if one.after is None:
                yield RunSQL(f"DROP DOMAIN {self.server.quoted(name)}")
            elif not can_alter(one.before, one.after):
                old = Name(name.schema, name.name + OLD)
                yield RunSQL(f"DROP DOMAIN {self.server.quoted(old)}")

    def _depth(self, domain: Domain | None, others: Collection[Domain]) -> int:
        """Return how many others a domain is made of, at least: it comes after them."""
        written = {self.server.quoted(one.name): one for one in others}
        depth = 0
        while domain is not None and depth < len(written):
            domain = written.get(domain.type.replace(OLD, ""))
            depth += 1
        return depth

    def _create(self, domain: Domain) -> RunSQL:
        parts = [f"CREATE DOMAIN {self.server.quoted(domain.name)} AS {domain.type}"]
        if domain.collation is not None:
            parts.append(f"COLLATE {domain.collation}")
        if domain.default is not None:
            parts.append(f"DEFAULT {domain.default}")
        if domain.is_required:
            parts.append("NOT NULL")
        parts += [self._condition(*one) for one in domain.conditions]
        return RunSQL(escaped(" ".join(parts)))

    def _alter(self, before: Domain, after: Domain) -> Iterator[RunSQL]:
        start = f"ALTER DOMAIN {self.server.quoted(after.name)}"
        for name, definition in before.conditions:
            if (name, definition) not in after.conditions:
                yield RunSQL(f"{start} DROP CONSTRAINT {self.server.quote(name)}")
        if before.default != after.default:
            change = f"SET DEFAULT {after.default}" if after.default else "DROP DEFAULT"
            yield RunSQL(escaped(f"{start} {change}"))
        if before.is_required != after.is_required:
            yield RunSQL(f"{start} {'SET' if after.is_required else 'DROP'} NOT NULL")
        for condition in after.conditions:
            if condition not in before.conditions:
                yield RunSQL(escaped(f"{start} ADD {self._condition(*condition)}"))

    def _condition(self, name: str, definition: str) -> str:
        return f"CONSTRAINT {self.server.quote(name)} {stable(definition)}"
