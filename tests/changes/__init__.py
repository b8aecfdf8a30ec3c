"""The judge of autogenerate: changes of models, and what each must get on every database.

All of them, without pytest:

    python -m tests.servers -- python -m tests.changes --report report.json -j 2
    python -m tests.changes --page docs/changes.md --from report.json
"""
