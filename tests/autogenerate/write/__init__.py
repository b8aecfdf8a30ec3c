"""Tests of what changes on SQLite."""
