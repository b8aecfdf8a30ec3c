"""The databases of an application: which there are, and how they are reached."""
