"""Wait for locks without being in anybody's way, and do what needs a second try."""
