"""wrk as a herd of signed-in people: what a portal answers when it is asked as fast as it can be.

The asking program shares the cores with what is measured, so it is one that costs next to nothing.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LUA = """
local made, at = {}, 0
init = function() for line in io.lines("%s") do
  local path, cookie = line:match("^(%%S+) (.*)$")
  made[#made + 1] = wrk.format("GET", path, {["Cookie"] = cookie, ["Host"] = "127.0.0.1"}) end end
request = function() at = at %% #made + 1; return made[at] end
"""


@dataclass(frozen=True)
class Herd:
    """How a run went. Units: answers a second; seconds of processor for each answer."""

    rate: float
    median: str
    p99: str
    portal_s: float
    database_s: float


def herd(
    port: int, paths: Sequence[tuple[str, str]], *, server: int, database: int, seconds: int
) -> Herd | None:
    """Ask 127.0.0.1:`port` for `paths` (path, cookie header) in turn on 32 lines, without a rest.

    `server` and `database` are the processes whose children do the work. None where wrk is
    missing. Errors: AssertionError when an answer is none of 200.
    """
    program = shutil.which("wrk")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="bench-herd-") as name:
        folder = Path(name)
        (folder / "asked").write_text("\n".join(" ".join(one) for one in paths))
        (folder / "herd.lua").write_text(LUA % (folder / "asked"))
        words = [program, "-t1", "-c32", f"-d{seconds}s", "--latency", "--timeout", "30s"]
        words += ["-s", str(folder / "herd.lua"), f"http://127.0.0.1:{port}/"]
        before = children_s(server), children_s(database)
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        after = children_s(server), children_s(database)
    assert "Non-2xx" not in said, said
    assert "Socket errors" not in said, said
    count, took = re.findall(r"(\d+) requests in ([\d.]+)s", said)[0]
    ((_half, median), (_last, p99)) = re.findall(r"(50|99)%\s+(\S+)", said)
    portal_s, database_s = ((b - a) / int(count) for a, b in zip(before, after, strict=True))
    return Herd(int(count) / float(took), median, p99, portal_s, database_s)


def children_s(parent: int) -> float:
    """Return the seconds of processor that `parent` and its children, ended ones too, took."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        own = int(stat.parent.name) == parent
        if own or int(fields[1]) == parent:
            ticks += sum(int(one) for one in fields[11 : 15 if own else 13])
    return ticks / os.sysconf("SC_CLK_TCK")
