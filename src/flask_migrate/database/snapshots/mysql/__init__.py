"""What MariaDB and MySQL keep in their databases, in their own words.

To these servers a schema is a database, and a unique constraint is a unique index: here it is
an index too, whoever made it as what. A CHECK that was written into a column is an option of
the column, "check": only a new definition of the column changes it.
"""

from flask_migrate.database.snapshots.mysql.unasked import made_by_foreign_keys, named_by_server
from flask_migrate.database.snapshots.mysql.whole import read

__all__ = ["made_by_foreign_keys", "named_by_server", "read"]
