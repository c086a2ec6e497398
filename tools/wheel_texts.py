"""What the build backend does before it packs a wheel: compile the Vietnamese catalogue.

So `pip wheel .`, `pip install .` and `make wheels` give the same. Both pyproject.toml name it.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelTexts(BuildHookInterface):  # type: ignore[type-arg] # its argument is hatchling's own
    """Compiles the catalogue of a wheel in place; a part with a fault stops the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Write the compiled file, which pyproject.toml names as an artifact.

        `texts` of the hook says whose: ENGINE or PORTAL.
        Errors: SystemExit that names each fault of the parts.
        """
        # The backend knows the repository's folder, and not its modules.
        sys.path.insert(0, self.root)
        try:
            from tools import catalogue_parts
        finally:
            sys.path.remove(self.root)
        files = getattr(catalogue_parts, self.config["texts"])
        merged, problems = catalogue_parts.merge_catalogue(files, Path(self.root))
        if problems:
            sys.exit("\n".join((f"The texts in {files.parts} have faults:", *problems)))
        files.write(merged, Path(self.root))
