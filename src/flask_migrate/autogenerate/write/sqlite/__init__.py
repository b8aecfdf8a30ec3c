"""SQLite: what a batch does by itself, what a rebuilt table takes along, and how that is said."""
