"""A held page for the tests, with a clock that is turned by hand."""

from pathlib import Path
from typing import Any

from quetsach_public.block_page.app import BlockPageApplication
from quetsach_public.block_page.settings import BlockPageSettings
from tests.public.asking import Got, asked

KEYS = (
    "key\tkind\trule\tuntil\tsince\n"
    "bad.example\tname\tbelow\t2026-10-12T08:00:00Z\t2026-09-12T08:00:00Z\n"
    "exact.worse.example\tname\texact\t2026-10-12T08:00:00Z\t2026-09-12T08:00:00Z\n"
    "203.0.113.77\taddress\tcidr\t2026-10-12T08:00:00Z\t2026-09-12T08:00:00Z\n"
)
PC = "192.168.1.20"


class Clock:
    """Seconds since 1970."""

    def __init__(self) -> None:
        self.at = 1_790_000_000.0

    def __call__(self) -> float:
        return self.at


class Office:
    """A held page and those who ask it."""

    def __init__(self, home: Path, **wishes: Any) -> None:
        home.mkdir(exist_ok=True)
        (home / "keys.tsv").write_text(KEYS)
        self.home, self.clock = home, Clock()
        self.settings = BlockPageSettings(home, names=home / "keys.tsv", **wishes)
        self.app = BlockPageApplication(self.settings, now=self.clock)

    def ask(self, path: str = "/", method: str = "GET", remote: str = PC, **more: str) -> Got:
        given = {"HTTP_HOST": "www.bad.example", **more}
        return asked(self.app, path, method, remote=remote, **given)

    def press(self, remote: str = PC) -> Got:
        return self.ask(self.form(remote), "POST", remote)

    def form(self, remote: str = PC) -> str:
        """The address to which the page's form is sent."""
        text = self.ask("/.quetsach/vi", remote=remote).text
        return text.partition('<form method="post" action="')[2].partition('"')[0]

    def phase(self, remote: str = PC) -> str:
        text = self.ask("/.quetsach/en/cho", remote=remote).text
        return text.partition('data-phase="')[2].partition('"')[0]

    def notes(self) -> list[list[str]]:
        file = self.home / "notes.tsv"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [line.split("\t")[1:4] for line in lines[1:]]
