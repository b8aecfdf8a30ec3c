"""Expected output, kept in files that are read in review."""

from pathlib import Path

DIRECTORY = Path(__file__).parent.parent / "golden"


class Golden:
    """Compares text with a file in tests/golden, or rewrites the file."""

    def __init__(self, *, update, directory=DIRECTORY):
        self._update = update
        self._directory = directory

    def __call__(self, text, name):
        """Demand that the text is what the file holds.

        Args:
            text: What the test got.
            name: The file, with its suffix, and folders if it likes: "upgrade/two-steps.txt".
        """
        path = self._directory / name
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        if not path.is_file():
            message = f"{path} does not exist. Write it with --update-golden, then read it."
            raise FileNotFoundError(message)
        assert text == path.read_bytes().decode(), f"Differs from {path}; see --update-golden."
