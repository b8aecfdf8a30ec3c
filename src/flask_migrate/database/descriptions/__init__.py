"""What a server will say of models, as far as that is certain without asking it.

Most tables are as the database has them. To know that, the models are described in the terms of
a snapshot, from what SQLAlchemy holds alone. What only the server can say is never guessed: such
a table has no description, and the server is asked.
"""
