"""Files moved over those of a sensor, which can all be put back as they were."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quetsach.atomic_files import read_at_most, replace_whole
from quetsach.errors.exceptions import QuetsachError

MOST_BYTES = 512 * 1024 * 1024


@dataclass
class MovedFiles:
    """The files of one sensor, and what they held before.

    Shapes: `before` has None for a file that was not there.
    """

    before: dict[Path, bytes | None] = field(default_factory=dict)

    def read(self, path: Path) -> str:
        """Return what a file holds, "" where there is none. Errors: E104."""
        held = self._held(path)
        return "" if held is None else held.decode("utf-8", "replace")

    def move(self, files: Mapping[Path, str]) -> None:
        """Move these texts over the files, each whole or not at all; all of them or none.

        Errors: E247 with the reason; what was moved by then is put back.
        """
        for path, text in files.items():
            self.before.setdefault(path, self._held(path))
            try:
                replace_whole(path, text.encode())
            except OSError as error:
                self.put_back()
                reason = error.strerror or str(error)
                raise QuetsachError("E247", str(path), reason=reason) from error

    def put_back(self) -> None:
        """Give each moved file what it held before. Errors: E247 where that fails."""
        for path, content in self.before.items():
            try:
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    replace_whole(path, content)
            except OSError as error:
                reason = error.strerror or str(error)
                raise QuetsachError("E247", str(path), reason=reason) from error

    @staticmethod
    def _held(path: Path) -> bytes | None:
        return read_at_most(path, MOST_BYTES) if path.exists() else None
