"""Faults, made really: what a migration must survive, seen from outside."""
