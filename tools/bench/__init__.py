"""Measure Godwit side by side with Flask-Migrate: python -m tools.bench --peer PYTHON.

Give `--godwit` a Python that has nothing but Godwit and drivers: at its start, Flask reads a file
of every package that is installed, and an environment for development has many more than the
peer's. The servers are those that `python -m tests.servers --` puts into the environment.

Every scenario runs the same program with both interpreters, in turns, so that whatever else the
machine does meets both. The floor is the same application without migrations; where there is a raw
run, it does with bare statements what the command does. What counts is the ratio; the seconds are
those of this machine.
"""
