"""Where things lie and who is trusted, from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from quetsach_public.callers import Proxies, proxies_of


@dataclass(frozen=True)
class Settings:
    """Shapes: `home` is written by the portal, only `home`/inbox and `home`/run by this plane."""

    home: Path
    proxies: Proxies

    @property
    def table(self) -> Path:
        """The list as a table."""
        return self.home / "table.bin"

    @property
    def site(self) -> Path:
        """The built pages."""
        return self.home / "site"

    @property
    def inbox(self) -> Path:
        """What was counted, for the portal to take."""
        return self.home / "inbox"

    @property
    def run(self) -> Path:
        """What the processes of this plane share."""
        return self.home / "run"

    @property
    def documents(self) -> Path:
        """What may be checked by number and code."""
        return self.home / "documents.json"

    @property
    def open_list(self) -> Path:
        """The part of the list that anybody may have."""
        return self.home / "open-list.json"

    @property
    def campaign(self) -> Path:
        """What the pages say of the campaign."""
        return self.home / "campaign.json"

    @property
    def figures(self) -> Path:
        """The figures by the minute."""
        return self.home / "figures.json"


def settings() -> Settings:
    """Return the settings of this process: QUETSACH_PUBLIC_HOME, QUETSACH_PUBLIC_PROXIES.

    Raises ValueError for proxies that are no networks.
    """
    home = Path(os.environ.get("QUETSACH_PUBLIC_HOME") or "out/public")
    return Settings(home, proxies_of(os.environ.get("QUETSACH_PUBLIC_PROXIES", "")))
