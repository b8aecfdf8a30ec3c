"""What is particular to MariaDB and MySQL when a schema changes."""
