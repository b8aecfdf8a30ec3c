"""What a database says of its schema, as frozen values; one file a kind of server."""
