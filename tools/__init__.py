"""Programs for those who develop Godwit. None of them is installed."""
