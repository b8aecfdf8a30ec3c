"""From what differs to Alembic's operations, in an order that works."""
