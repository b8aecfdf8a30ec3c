"""Run env.py and the revisions, whatever they are, and say what came of it."""
