"""Two schemas, in the words of one server: what they do not have in common. Pure."""
