"""TAXII 2.1: the objects of one collection, page by page, as one STIX bundle."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

import msgspec

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import (
    FetchedList,
    HttpClient,
    HttpReply,
    ServerAddress,
    follow_link,
)
from quetsach.texts import _

# Source: OASIS, TAXII 2.1, sections 3.4 (pages), 4 (discovery) and 5 (collections).
MEDIA_TYPE = "application/taxii+json;version=2.1"
AUTH_SCHEME = "Bearer"
_PAGE = 1000
_MOST_PAGES = 100_000
_MOST_STEPS = 5


class _Resource(msgspec.Struct):
    """Any resource of TAXII: discovery, API root, collections, collection, or envelope."""

    api_roots: list[str] | None = None
    default: str | None = None
    versions: list[str] | None = None
    collections: list[dict[str, Any]] | None = None
    can_read: bool | None = None
    more: bool = False
    next: str | None = None
    objects: list[msgspec.Raw] | None = None


def fetch_collection(client: HttpClient, added_after: str | None = None) -> FetchedList:
    """Return the objects of the collection at the client's address, or of the only one below it.

    The address may be that of the server, of an API root, of a collection or of its objects.
    Errors: as HttpClient.get; E216 also where several collections are to choose from.
    """
    address = _objects_address(client)
    objects: list[msgspec.Raw] = []
    last, requests = added_after, 0
    for answer, page in _pages(client, address, added_after):
        objects += page.objects or []
        last = answer.headers.get("x-taxii-date-added-last", last)
        requests += 1
    return FetchedList("stix", _bundle(objects), len(objects), requests, last)


def _objects_address(client: HttpClient) -> ServerAddress:
    address = client.address
    for _step in range(_MOST_STEPS):
        if address.path.partition("?")[0].rstrip("/").endswith("/objects"):
            return address
        resource = _read(client.get(address))
        address = _below(resource, address)
    raise QuetsachError("E216", str(address), reason=_("it does not lead to a collection"))


def _below(resource: _Resource, address: ServerAddress) -> ServerAddress:
    if resource.api_roots:
        if resource.default is None and len(resource.api_roots) > 1:
            raise _to_choose(address, resource.api_roots)
        return follow_link(resource.default or resource.api_roots[0], address)
    if resource.collections is not None:
        readable = [
            collection for collection in resource.collections if collection.get("can_read") is True
        ]
        if len(readable) != 1:
            raise _to_choose(
                address,
                [f"{collection.get('id')} ({collection.get('title')})" for collection in readable],
            )
        return _into(address, f"{readable[0].get('id')}/objects/")
    if resource.can_read is not None:
        return _into(address, "objects/")
    if resource.versions is not None:
        return _into(address, "collections/")
    raise QuetsachError("E216", str(address), reason=_("it is not TAXII 2.1"))


def _into(address: ServerAddress, rest: str) -> ServerAddress:
    path = address.path.partition("?")[0]
    return follow_link((path if path.endswith("/") else path + "/") + rest, address)


def _to_choose(address: ServerAddress, names: list[str]) -> QuetsachError:
    listed = ", ".join(names)[:1000] or _("no collection may be read")
    return QuetsachError(
        "E216", str(address), reason=_("choose one of: %(names)s") % {"names": listed}
    )


def _pages(
    client: HttpClient, address: ServerAddress, added_after: str | None
) -> Iterator[tuple[HttpReply, _Resource]]:
    query = {"limit": str(_PAGE)} | ({"added_after": added_after} if added_after else {})
    after: dict[str, str] = {}
    before = b""
    for _number in range(_MOST_PAGES):
        page_address = address.at(f"{address.path.partition('?')[0]}?{urlencode(query | after)}")
        answer = client.get(page_address)
        page = _read(answer)
        yield answer, page
        if not page.more:
            return
        last = answer.headers.get("x-taxii-date-added-last")
        stuck = page.next is None and (not last or last == query.get("added_after"))
        if stuck or not page.objects or answer.body == before:
            raise QuetsachError("E216", str(address), reason=_("its pages do not continue"))
        before = answer.body
        # "next" is optional; without it the last object's time continues (TAXII 2.1, 3.4).
        if page.next is not None:
            after = {"next": page.next}
        else:
            query, after = query | {"added_after": str(last)}, {}
    raise QuetsachError("E216", str(address), reason=_("its pages do not end"))


def _read(answer: HttpReply) -> _Resource:
    try:
        return msgspec.json.decode(answer.body, type=_Resource)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as err:
        raise QuetsachError("E216", str(answer.address), reason=str(err)) from err


def _bundle(objects: list[msgspec.Raw]) -> bytes:
    body = b",\n".join(map(bytes, objects))
    # The same objects make the same bundle, so that two fetches can be compared.
    name = uuid5(NAMESPACE_URL, body.decode("utf-8", "replace"))
    return b'{"type": "bundle", "id": "bundle--%s", "objects": [\n%s\n]}\n' % (
        str(name).encode(),
        body,
    )
