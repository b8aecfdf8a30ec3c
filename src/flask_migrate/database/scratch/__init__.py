"""Throw-away places, where a server says of models what it would make of them."""
