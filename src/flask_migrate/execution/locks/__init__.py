"""One runner at a time: the lock of a database, on each kind of server, and who holds it."""
