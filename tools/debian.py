"""Install packages on Debian and its relatives, if this user may.

Standard library only: it runs before there is an environment to install into.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# A package must not start its own server on the standard port: `policy-rc.d` forbids that while
# we install. One that is already there belongs to somebody else, and stays.
_INSTALL = """
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\\nexit 101\\n' >"$policy"
    chmod 755 "$policy"
fi
install() { apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"; }
install "$@" || { apt-get -qq update; install "$@"; }
"""


class CannotInstall(Exception):
    """The packages are missing, and this user cannot install them."""


def install(*packages: str) -> None:
    """Install Debian packages, without starting any service.

    Args:
        packages: Names as in `apt-get install`.

    Raises:
        CannotInstall: There is no apt-get, this user has no right to it, or it failed.
    """
    names = " ".join(packages)
    root = as_root()
    if shutil.which("apt-get") is None:
        message = f"Install what Debian calls {names}; there is no apt-get here to do it."
        raise CannotInstall(message)
    if root is None:
        message = f"Install it as root: apt-get install {names}"
        raise CannotInstall(message)
    print(f"Installing {names} with apt-get.", file=sys.stderr, flush=True)
    command = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", _INSTALL, "sh"]
    done = _run([*command, *packages])
    if done.returncode:
        message = f"apt-get install {names} failed:\n{done.stdout}"
        raise CannotInstall(message)


def as_root() -> list[str] | None:
    """Return what to put before a command to run it as root; None if we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _run(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
