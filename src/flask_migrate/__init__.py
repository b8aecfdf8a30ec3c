"""Database migrations for Flask that never stop."""

__version__ = "0.1.0"
