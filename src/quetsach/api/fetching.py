"""Lists fetched from the servers of those who share them; nothing but this needs the network."""

from pathlib import Path

from quetsach.indicators.fetch.connection import Credentials
from quetsach.indicators.fetch.fetch import FetchOptions, Interface, fetch_list
from quetsach.indicators.fetch.fetched import Fetched


def fetch_indicators(
    address: str,
    target: Path,
    *,
    interface: str = "taxii",
    user: str = "",
    password: str = "",
    token: str = "",
    added_after: str | None = None,
    ca_file: Path | None = None,
) -> Fetched:
    """Write the list of a TAXII ("taxii") or MISP ("misp", "misp-feed") server to `target`.

    Nothing is written when nothing is new. The host of `address` is asked, and no other.
    Errors: E213 to E216 for the server; E406 for the file; E601 for a wrong value.
    """
    options = FetchOptions(
        interface=Interface(interface),
        credentials=Credentials(user, password, token),
        added_after=added_after,
        ca_file=ca_file,
    )
    return fetch_list(address, target, options)
