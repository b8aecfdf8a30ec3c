"""Models against database: which operations make them equal, and why there are none."""
