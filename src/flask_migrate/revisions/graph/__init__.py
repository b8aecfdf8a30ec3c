"""The graph that revisions make: who follows whom, what a name stands for, what runs when."""
