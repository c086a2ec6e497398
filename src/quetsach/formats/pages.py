"""The address of a page, put together from the parts of an HTTP request as a sensor logs them."""

import re

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,20}://([^/?#]*)")


def host_of(authority: str) -> str:
    """Return the host of `host`, `host:port`, `user@host:port` or `[v6]:port`."""
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    # More than one colon and no bracket is an IPv6 address without a port.
    return host.partition(":")[0] if host.count(":") == 1 else host


def page(host: str | None, uri: str | None, scheme: str = "http") -> tuple[str | None, str | None]:
    """Return the full address asked for and its host, from a Host header and a request target.

    A target may be absolute (to a proxy), or `host:port` (CONNECT), which stays as it is.
    """
    if uri is None:
        return (f"{scheme}://{host}/", host_of(host)) if host else (None, None)
    absolute = _ABSOLUTE.match(uri)
    if absolute is not None:
        return uri, host_of(absolute[1]) or None
    if not uri.startswith(("/", "?", "*")):
        # CONNECT; Zeek 7 writes a blank and a slash behind it.
        target = uri.partition(" ")[0]
        if ":" in target and "/" not in target:
            return target, host_of(target) or None
        uri = f"/{uri}"
    if not host:
        return None, None
    return f"{scheme}://{host}{'' if uri == '*' else uri}", host_of(host) or None
