"""Fetches a list from the given server, through the interface that it has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch import misp, plain, taxii
from quetsach.indicators.fetch.connection import (
    Credentials,
    FetchBounds,
    FetchedList,
    HttpClient,
    parse_target,
    refuse_existing,
    write_list,
)
from quetsach.texts import _


class ServerInterface(StrEnum):
    """The protocol of a server."""

    TAXII = "taxii"
    MISP = "misp"
    MISP_FEED = "misp-feed"
    HTTP = "http"


@dataclass(frozen=True)
class FetchOptions:
    """Options of a fetch: interface, credentials, start time, certificates, and limits.

    `etag` is the version of a file that is there already; `admits` as of `HttpClient`.
    """

    interface: ServerInterface = ServerInterface.TAXII
    credentials: Credentials = field(default_factory=Credentials)
    added_after: str | None = None
    ca_file: Path | None = None
    bounds: FetchBounds = field(default_factory=FetchBounds)
    etag: str = ""
    admits: Callable[[str], bool] | None = None


_Fetch = Callable[[HttpClient, str | None], FetchedList]
_INTERFACES: Mapping[ServerInterface, tuple[str, str, _Fetch]] = {
    ServerInterface.TAXII: (taxii.MEDIA_TYPE, taxii.AUTH_SCHEME, taxii.fetch_collection),
    ServerInterface.MISP: (misp.MEDIA_TYPE, misp.AUTH_SCHEME, misp.fetch_events),
    ServerInterface.MISP_FEED: (misp.MEDIA_TYPE, misp.AUTH_SCHEME, misp.fetch_feed),
    ServerInterface.HTTP: (plain.MEDIA_TYPE, plain.AUTH_SCHEME, plain.fetch_file),
}


def fetch_list(address: str, target: Path, options: FetchOptions) -> FetchedList:
    """Write the list of the server at `address` to `target`, and return it.

    Nothing is written when nothing is new. No other host is asked.
    Errors: E213 to E216 for the server; E601 for a wrong value or a file that is there; E406.
    """
    refuse_existing(target)
    after = options.added_after
    if after is not None:
        _check_moment(after)
    media_type, scheme, fetch = _INTERFACES[options.interface]
    headers = {
        "Accept": media_type,
        "User-Agent": "quetsach",
        **({"Content-Type": media_type} if options.interface is ServerInterface.MISP else {}),
        **({"If-None-Match": options.etag} if options.etag else {}),
        **options.credentials.header(scheme),
    }
    client = HttpClient(parse_target(address), headers, options.bounds, options.ca_file)
    client.admits = options.admits
    fetched = fetch(client, after)
    if not fetched.count and after is None and not (options.etag and not fetched.body):
        # An empty list that takes the place of a full one would make everybody look clean.
        raise QuetsachError("E216", str(client.address), reason=_("it is empty"))
    if fetched.count:
        write_list(fetched, target)
    return fetched


def _check_moment(text: str) -> None:
    try:
        datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError) as err:
        raise QuetsachError("E601", "--added-after", reason=text) from err
