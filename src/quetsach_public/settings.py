"""Where things lie and who is trusted, from the environment and a file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from quetsach_public.addresses import ProxyNetworks, proxies_of
from quetsach_public.settings_file import variables_of_file

VARIABLES = (
    ("QUETSACH_PUBLIC_HOME", "out/public", "folder that the portal writes: QUETSACH_HOME/public"),
    ("QUETSACH_PUBLIC_PROXIES", "none", "addresses whose X-Forwarded-For is believed"),
    (
        "QUETSACH_PUBLIC_ALONE",
        "none",
        "1: no nginx slows who asks too fast, so the plane does; so it does where nobody is named "
        "above",
    ),
    ("QUETSACH_PUBLIC_WORKERS", "1", "processes that serve together"),
    (
        "QUETSACH_PUBLIC_PUSH",
        "none",
        "mailto: or https: address of who answers for messages to browsers; with it a ticket's "
        "page offers them, and `python -m quetsach_public.push_sending` sends them",
    ),
    ("QUETSACH_PUBLIC_THREADS", "2", "requests that each of them answers at once"),
)
"""Each variable, what holds without it, and what it is; docs/portal-settings.md is made of it."""

KEYS: Mapping[str, tuple[str, str]] = {
    "QUETSACH_PUBLIC_HOME": ("home", "path"),
    "QUETSACH_PUBLIC_PROXIES": ("proxies", "list of texts"),
    "QUETSACH_PUBLIC_ALONE": ("alone", "true/false"),
    "QUETSACH_PUBLIC_WORKERS": ("workers", "number"),
    "QUETSACH_PUBLIC_PUSH": ("push", "text"),
    "QUETSACH_PUBLIC_THREADS": ("threads", "number"),
}
"""The key of each variable in a file, and what its value is."""

ANCHORS_FILE = "anchors.jsonl"
"""The signed heads of the portal's audit trail, one JSON line a day."""

THREADS = 2
"""Requests that a process answers at once. More wait for one another
([decision 12](docs/decisions/0012-nginx-does-the-waiting.md)); nothing that takes long holds one.
"""


@dataclass(frozen=True)
class Settings:
    """Shapes: `home` is written by the portal, only `home`/inbox and `home`/run by this plane."""

    home: Path
    proxies: ProxyNetworks
    workers: int = 1
    """Processes that serve together, each a part of what one address may ask."""
    threads: int = THREADS
    """Requests that each answers at once."""
    without_nginx: bool = False
    """No nginx is in front of it, whatever the trusted proxies."""
    push: str = ""
    """Who answers for messages to browsers (RFC 8292, 2.1); "" where they are off."""

    @property
    def is_alone(self) -> bool:
        """True where no nginx is in front of it, which would cache pages and slow floods."""
        return self.without_nginx or not self.proxies.are_any

    @property
    def table(self) -> Path:
        """The list as a table."""
        return self.home / "table.bin"

    @property
    def anchors(self) -> Path:
        """The signed heads of the audit trail."""
        return self.home / ANCHORS_FILE

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
    def request_figures(self) -> Path:
        """How many requests were answered, and how long they took."""
        return self.run / "request-figures"

    @property
    def journals(self) -> Path:
        """What was counted and is not in the inbox yet."""
        return self.run / "counts"

    @property
    def documents(self) -> Path:
        """What may be checked by number and code."""
        return self.home / "documents.json"

    @property
    def codes(self) -> Path:
        """Which codes of units live, and whose they are."""
        return self.home / "codes.json"

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


def environment_over_file() -> dict[str, str]:
    """Return the environment of this process over what the file says.

    Raises ValueError with FILE:LINE for a file that is wrong; OSError.
    """
    return {**variables_of_file(os.environ, KEYS), **os.environ}


def settings() -> Settings:
    """Return the settings of this process, of the variables that VARIABLES lists.

    Raises ValueError for proxies that are no networks, workers and threads that are no numbers,
    a contact of push that is no address, and a file that is wrong.
    """
    environ = environment_over_file()
    home = Path(environ.get("QUETSACH_PUBLIC_HOME") or "out/public")
    proxies = proxies_of(environ.get("QUETSACH_PUBLIC_PROXIES", ""))
    workers = max(1, int(environ.get("QUETSACH_PUBLIC_WORKERS") or 1))
    threads = max(1, int(environ.get("QUETSACH_PUBLIC_THREADS") or THREADS))
    without_nginx = environ.get("QUETSACH_PUBLIC_ALONE", "") == "1"
    push = environ.get("QUETSACH_PUBLIC_PUSH", "").strip()
    if push and not push.startswith(("mailto:", "https://")):
        raise ValueError("QUETSACH_PUBLIC_PUSH is no mailto: or https: address")
    return Settings(home, proxies, workers, threads, without_nginx, push)


VIETNAM = timezone(timedelta(hours=7), "+07")


def local_now() -> datetime:
    """Return the time of Vietnam."""
    return datetime.now(VIETNAM)
