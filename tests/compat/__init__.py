"""Migrations directories that were made with something else, and must go on working."""
