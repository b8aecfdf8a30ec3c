"""What MariaDB and MySQL keep in their databases, in their own words.

To these servers a schema is a database, and a unique constraint is a unique index: here it is
an index too, whoever made it as what.
"""

from flask_migrate.database.snapshots.mysql.whole import read

__all__ = ["read"]
