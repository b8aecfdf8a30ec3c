"""Frozen values that travel between the rooms: facts, no behaviour beyond their own."""
