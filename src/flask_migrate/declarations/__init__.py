"""What models declare besides tables: views, functions, triggers."""
