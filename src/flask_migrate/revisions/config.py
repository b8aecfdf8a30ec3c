"""The Alembic configuration of a migrations directory."""

import re
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from configparser import Error as ConfigParserError
from pathlib import Path
from types import MappingProxyType
from typing import Any

from alembic import __version__
from alembic.config import Config as AlembicConfig

from flask_migrate.errors import InvalidDirectory

alembic_version = tuple(int(number) for number in re.findall(r"\d+", __version__)[:3])
"""The version of Alembic, to compare: `alembic_version >= (1, 18, 0)`."""

TEMPLATES = Path(__file__).parent.parent / "templates"


class Config(AlembicConfig):
    """Alembic's configuration, with the templates of this package.

    Takes what `alembic.config.Config` takes. `template_directory`, if it is set,
    is where `init` looks for templates instead.

    Attributes:
        addresses: Addresses of databases, as they are shown without their password,
            and as they are.
    """

    template_directory: str | None = None
    addresses: Mapping[str, str] = MappingProxyType({})

    def get_template_directory(self) -> str:
        """Return the directory that holds the templates of `init`."""
        return self.template_directory or str(TEMPLATES)

    def set_section_option(self, section: str, name: str, value: str) -> None:
        """Set an option, also to an address that `env.py` did not prepare well.

        An ini file has ``%%`` for each percent sign; an `env.py` that passes on the
        address of the application may not know, and works until a password has one.
        One that passes on ``str(engine.url)`` worked until SQLAlchemy 2 left the
        password out there.
        """
        if address := self.addresses.get(value.replace("%%", "%")):
            value = address.replace("%", "%%")
        try:
            super().set_section_option(section, name, value)
        except ValueError:
            super().set_section_option(section, name, value.replace("%", "%%"))


def build_config(directory: Path, *, x_arg: Sequence[str] = (), opts: Iterable[str] = ()) -> Config:
    """Return the configuration of a migrations directory.

    Args:
        directory: The migrations directory; its `alembic.ini` may be missing.
        x_arg: What `-x` passes to a custom `env.py`.
        opts: Names that become true attributes of `config.cmd_opts`, such as
            "autogenerate".

    Raises:
        InvalidDirectory: `alembic.ini` is not an ini file.
    """
    options: dict[str, Any] = {**dict.fromkeys(opts, True), "x": list(x_arg)}
    config = Config(str(directory / "alembic.ini"), cmd_opts=Namespace(**options))
    try:
        config.set_main_option("script_location", str(directory).replace("%", "%%"))
    except (ConfigParserError, UnicodeDecodeError, OSError) as error:
        reason = str(error).replace("\n", " ")
        raise InvalidDirectory(
            f"{config.config_file_name} cannot be read: {reason}.", hint="Correct the file."
        ) from error
    return config
