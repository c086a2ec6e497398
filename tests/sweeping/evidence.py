"""Evidence and lists made for tests of the sweep."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from quetsach.api import sweeps

COLUMNS = (
    *("ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service"),
    *("duration", "orig_bytes", "resp_bytes", "conn_state"),
)
FIELDS = "#fields\t" + "\t".join(COLUMNS) + "\n"
HEADER = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    + FIELDS
)
CUT = ("piece_bytes", "small_bytes", "planted")
START = 1_662_940_800
"""2022-09-12 07:00 at +07:00, in epoch seconds."""


def conn(second: int, source: str, destination: str, port: int = 443, moved: int = 100) -> str:
    """Return one line of a Zeek conn.log."""
    fields = (f"{START + second}.000000", f"C{second}", source, "50000", destination, str(port))
    return "\t".join((*fields, "tcp", "ssl", "1.5", str(moved), str(moved), "SF")) + "\n"


def write(path: Path, text: str | bytes) -> Path:
    """Write a file with its folders and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def swept(
    tmp_path: Path, *evidence: Path, listed: str = "203.0.113.77\n", **more: Any
) -> dict[str, Any]:
    """Return the summary of a sweep of `evidence` for the indicators `listed`.

    `more` goes into the request; that of CUT is put beside: how it is cut and shared out, and what
    is planted.
    """
    cut = {name: more.pop(name) for name in CUT if name in more}
    lists = write(tmp_path / "lists" / "list.txt", listed)
    out = more.pop("out", tmp_path / "findings")
    request = sweeps.sweep_request(
        evidence=[str(one) for one in evidence], lists=[lists], out=out, **more
    )
    return sweeps.sweep(replace(request, **cut))
