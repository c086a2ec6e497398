"""Releases as a watch takes them, signed or not."""

from datetime import datetime
from pathlib import Path

from quetsach.api.signing import sign_path
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.release import digest_of, read_release, release_bytes
from quetsach.indicators.releases.updates import ReleaseTitles, next_release
from quetsach.signing.keys import SigningKey

DAYS = "2026-11-{:02}T08:00:00+07:00"


def write_release(
    path: Path, names: str, day: int, *, after: bytes = b"", key: SigningKey | None = None
) -> bytes:
    """Write the release of some names (a, b ...) of a day, which follows `after`; return it."""
    listed = path.with_name("listed.txt")
    listed.write_text("".join(f"{name}.example\n" for name in names), encoding="ascii")
    previous = (digest_of(after), read_release(after, "before")) if after else None
    titles = ReleaseTitles(DAYS.format(day), "list")
    raw = release_bytes(
        next_release(read_lists([listed], ListOptions()), titles, previous=previous)
    )
    aside = path.with_name("release.new")
    aside.write_bytes(raw)
    if key is not None:
        sign_path(aside, key, datetime.fromisoformat(DAYS.format(day)))
    aside.replace(path)
    return path.read_bytes()
