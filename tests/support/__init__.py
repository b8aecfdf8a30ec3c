"""What the tests share: databases, golden files."""
