"""One verb a file: a workspace and arguments in, a result out. Nothing is printed here."""
