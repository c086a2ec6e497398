"""Run quetsach as where no extra is installed: `python tests/cli/core_alone.py COMMAND...`."""

import sys
from typing import Any

from quetsach.cli.main import main
from quetsach.extras import EXTRA_OF


class HidingFinder:
    """Finds what another finds, but no package of an extra."""

    def __init__(self, finder: Any) -> None:
        self._finder = finder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return what the other finds."""
        if name.partition(".")[0] in EXTRA_OF or not hasattr(self._finder, "find_spec"):
            return None
        return self._finder.find_spec(name, path, target)


def hide_extras() -> None:
    """Let every package of an extra be as if it was not installed, in this process."""
    sys.meta_path[:] = [HidingFinder(finder) for finder in sys.meta_path]


if __name__ == "__main__":
    hide_extras()
    main()
