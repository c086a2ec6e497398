"""A list that lies as a file at an address: fetched whole, or not at all while it is the same.

Source: RFC 9110, 8.8.3 (ETag), 13.1.2 (If-None-Match), 15.4.5 (304 Not Modified).
"""

import re

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import FetchedList, HttpClient
from quetsach.texts import _

MEDIA_TYPE = "*/*"
AUTH_SCHEME = "Bearer"
LONGEST_ETAG = 200
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')


def fetch_file(client: HttpClient, added_after: str | None = None) -> FetchedList:
    """Return the file at the client's address; `count` is its lines that are not blank.

    It is empty where the server says that nothing changed since the version that the headers of
    `client` name (If-None-Match).
    Errors: as HttpClient.get; E601 for `added_after`, which a file does not know.
    """
    if added_after is not None:
        raise QuetsachError("E601", "--added-after", reason=_("a file is always fetched whole"))
    answer = client.get(client.address)
    if answer.status == 304:
        return FetchedList("file", b"", 0, 1)
    lines = sum(1 for line in answer.body.splitlines() if line.strip())
    return FetchedList(
        form="file",
        body=answer.body,
        count=lines,
        requests=1,
        etag=etag_of(answer.headers.get("etag", "")),
    )


def etag_of(text: str) -> str:
    """Return `text` where it is an ETag that may be sent back, else ""."""
    text = text.strip()
    return text if len(text) <= LONGEST_ETAG and _ETAG.fullmatch(text) else ""
