"""Which addresses the technician lets pass: one a line in a file, taken up and removed."""

from ipaddress import IPv6Address, ip_address
from pathlib import Path

FILE = "release.txt"
MOST_LETTERS = 100_000


def taken(folder: Path) -> list[str]:
    """Return the addresses of the file in `folder`, and remove it; other lines go unheard."""
    file = folder / FILE
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            file.unlink()
            lines = opened.read(MOST_LETTERS).splitlines()
    except OSError:
        return []
    return [address for line in lines if (address := plain(line.strip()))]


def plain(text: str) -> str:
    """Return an address in its one form, "" for what is none; version 4 in 6 is version 4."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found)
