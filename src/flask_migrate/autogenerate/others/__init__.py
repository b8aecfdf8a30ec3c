"""What others than the server say of a difference: the application, and packages beside Alembic."""
