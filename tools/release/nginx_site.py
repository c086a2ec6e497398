"""The site of quetsach for an nginx that serves others too, made of deploy/nginx/nginx.conf.

That file is a whole configuration. Beside other sites only what defines something (maps, zones,
upstreams) may stand at the level of http; each setting goes into every server of ours.
"""

from collections.abc import Iterator, Sequence

HEAD = """\
# quetsach beside other sites of this nginx: link it into /etc/nginx/sites-enabled, and remove the
# link "default" there. To be changed for an office: the two names, the certificates.
# Written from deploy/nginx/nginx.conf, which is for a machine that serves nothing else.
"""

DEFINITIONS = (
    "map",
    "log_format",
    "limit_req_zone",
    "limit_conn_zone",
    "upstream",
    "proxy_cache_path",
)
OF_THE_MACHINE = ("include", "default_type")
"""What the configuration of the machine says itself, and a server need not say again."""

GZIP = "gzip off;"
"""Debian's own configuration packs answers; a page with codes in it is not packed over TLS."""


def site(whole: str) -> str:
    """Return the file for sites-available from the text of the whole configuration."""
    entries = list(_entries(_http_body(whole.splitlines())))
    shared = [
        line
        for entry in entries
        if _name(entry) not in (*DEFINITIONS, *OF_THE_MACHINE, "server")
        for line in entry
        if not line.lstrip().startswith("#")
    ]
    written = [HEAD]
    for entry in entries:
        if _name(entry) in DEFINITIONS:
            written += [*_outdented(entry), ""]
        elif _name(entry) == "server":
            head, *rest = _outdented(entry)
            own = {row.split()[0] for row in rest if row.startswith("    ") and row[4] not in " #"}
            inherited = [row for row in shared if row.split()[0] not in own]
            written += [head, f"    {GZIP}", *inherited, *rest, ""]
    return "\n".join(written)


def _http_body(lines: Sequence[str]) -> list[str]:
    begin = lines.index("http {")
    return list(lines[begin + 1 : lines.index("}", begin)])


def _entries(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield each directive or block of the level of http, with the comments above it."""
    entry: list[str] = []
    for line in lines:
        if not line.strip():
            continue
        if line.lstrip().startswith("# ----"):
            entry = []
            continue
        entry.append(line)
        depth = sum(row.count("{") - row.count("}") for row in _code(entry))
        if depth == 0 and line.rstrip().endswith((";", "}")) and line.strip()[0] != "#":
            yield entry
            entry = []


def _code(lines: Sequence[str]) -> Iterator[str]:
    # Braces of regular expressions stand in quotes.
    for line in lines:
        if not line.lstrip().startswith("#"):
            yield "".join(line.split('"')[::2])


def _name(entry: Sequence[str]) -> str:
    first = next(line for line in entry if not line.lstrip().startswith("#"))
    return first.split()[0].rstrip(";")


def _outdented(entry: Sequence[str]) -> list[str]:
    return [line.removeprefix("    ") for line in entry]
