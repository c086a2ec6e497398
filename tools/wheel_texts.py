"""What the build backend does before it packs a wheel: compile the Vietnamese catalogues.

So `pip wheel .`, `pip install .` and `make wheels` give the same. Named in pyproject.toml.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelTexts(BuildHookInterface):  # type: ignore[type-arg] # its argument is hatchling's own
    """Compiles both catalogues in place; a part with a fault stops the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Write the compiled files, which pyproject.toml names as artifacts.

        Errors: SystemExit that names each fault of the parts.
        """
        # The backend knows the repository's folder, and not its modules.
        sys.path.insert(0, self.root)
        try:
            from tools.catalogue_parts import ENGINE, PORTAL, merge_catalogue
        finally:
            sys.path.remove(self.root)
        for files in (ENGINE, PORTAL):
            merged, problems = merge_catalogue(files, Path(self.root))
            if problems:
                sys.exit("\n".join((f"The texts in {files.parts} have faults:", *problems)))
            files.write(merged, Path(self.root))
