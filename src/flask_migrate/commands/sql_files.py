"""Write the statements of a run to files, one a database."""

import re
from dataclasses import replace
from pathlib import Path

from flask_migrate.revisions.write import write_new
from flask_migrate.values.results import RunReport


def write_sql_files(report: RunReport, directory: Path) -> RunReport:
    """Write one file a database, and return the report with their names.

    Args:
        report: A run that returned statements.
        directory: Where to; it is made if it is missing.

    Raises:
        FileExists: A file of that name is there.
        FileNotWritten: A file cannot be written.
    """
    files: dict[str, str] = {}
    for target in report.targets:
        name = re.sub(r"[^\w.-]", "_", target.target)
        path = (directory / f"{name}.sql").absolute()
        write_new(path, (target.sql or "").encode())
        files[target.target] = str(path)
    return replace(report, files=files)
