"""What SQLite keeps of a schema: the text of its statements, read and changed as text.

A table is changed by editing the CREATE TABLE statement that SQLite has stored, so
whatever nobody asked to change stays as it was written.
"""
