"""The migration files: found, read without running them, written whole or not at all."""
