"""Run by the interpreter of a project: loads what every command needs, and forks for each one.

The arguments are the names of modules to load; those that are not installed are left out. Reads
one request a line as JSON from standard input, see `warm.py`, and writes the exit code of each to
standard output.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import sys
import time
from pathlib import Path


def main():
    """Answer requests; in the child of a fork, become the command."""
    for module in sys.argv[1:]:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()
    # The command has the streams for itself.
    requests, answers = (os.fdopen(os.dup(number), mode) for number, mode in ((0, "r"), (1, "w")))
    for line in requests:
        child = os.fork()
        if not child:
            become(**json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


def become(*, arguments, directory, variables, streams):
    """Be what `python ARGUMENTS` would be: the directory, the variables, the streams.

    Args:
        arguments: Those of the interpreter: `-c` and code, `-m` and a module, or a file; and
            what follows.
        directory: Where it runs.
        variables: All of its environment variables.
        streams: The files to write standard output and standard error to.
    """
    for number, path in enumerate((os.devnull, *streams)):
        opened = os.open(path, os.O_RDWR)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, closefd=False)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    run(*arguments)


def run(option, given, *following):
    """Run code or a module as `__main__`, as the interpreter would."""
    if option == "-c":
        sys.path[0] = ""
        sys.argv = ["-c", *following]
        module = type(sys)("__main__")
        sys.modules["__main__"] = module
        exec(compile(given, "<string>", "exec"), vars(module))  # noqa: S102 - it is what we are for
    else:
        sys.path[0] = str(Path.cwd())
        sys.argv = ["-m", *following]
        runpy.run_module(given, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
