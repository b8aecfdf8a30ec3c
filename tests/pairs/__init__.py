"""For any two versions of the models, the script takes a populated database to the other one.

Whatever is drawn is a value that prints itself as Python, and is declared by running that.
`tests.changes` judges it, as it does the changes that somebody wrote down. Many of them:

    python -m tests.servers -- python -m tests.pairs --dialect sqlite --count 500 --seed 1 -j 2

A pair that fails is made smaller as long as it fails, and printed.
"""
