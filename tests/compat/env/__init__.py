"""Texts of env.py, each in the manner of a tool of a certain age, in our own words."""
