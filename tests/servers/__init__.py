"""Database servers for the tests: python -m tests.servers -- COMMAND [ARGUMENT ...].

Runs COMMAND with the URLs of a PostgreSQL and a MariaDB server in its environment, and that of a
PgBouncer in front of the first, and passes its exit code on. Each is the first of these that can
be had:

1. the one that GODWIT_TEST_POSTGRESQL, _MARIADB or _PGBOUNCER names already;
2. a private one, from the programs on this machine: free port, temporary directory, no `fsync`;
3. the same, after Debian's packages have been installed, if this user may.

Whatever is started here is stopped and removed, however COMMAND ends.
"""
