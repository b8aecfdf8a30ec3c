"""What a database has, said in the objects of SQLAlchemy."""
