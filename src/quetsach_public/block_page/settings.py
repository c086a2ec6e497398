"""The settings of an office's block page."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from quetsach.instructions.steps import MachinePlace
from quetsach_public.block_page.releasing import ReleaseMethod

VARIABLE = "QUETSACH_HELD"
"""The settings as JSON, handed from the command to the server's process."""


@dataclass(frozen=True)
class BlockPageSettings:
    """Shapes: `names` is a release whose names are shown, None for none.

    `place` says whose machines ask, and so which steps the page shows.
    """

    home: Path
    names: Path | None = None
    way: ReleaseMethod = ReleaseMethod.NONE
    office: str = ""
    phone: str = ""
    place: MachinePlace = MachinePlace.OFFICE
    wait_s: float = 600
    release_s: float = 4 * 3600

    def as_text(self) -> str:
        """Return the settings for VARIABLE."""
        return json.dumps(
            {
                "home": str(self.home),
                "names": None if self.names is None else str(self.names),
                "way": self.way.value,
                "office": self.office,
                "phone": self.phone,
                "place": self.place.value,
                "wait_s": self.wait_s,
                "release_s": self.release_s,
            }
        )


def block_page_settings() -> BlockPageSettings:
    """Return the settings of this process. Raises KeyError, ValueError where there are none."""
    fields = json.loads(os.environ[VARIABLE])
    names = fields.pop("names")
    return BlockPageSettings(
        home=Path(fields.pop("home")),
        names=None if names is None else Path(names),
        way=ReleaseMethod(fields.pop("way")),
        place=MachinePlace(fields.pop("place", MachinePlace.OFFICE)),
        **fields,
    )
