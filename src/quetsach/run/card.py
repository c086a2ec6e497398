"""Handling sheets for the devices of a findings folder, one file a device."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from quetsach.documents.card import Campaign, Card, card_of
from quetsach.documents.card_page import card_page
from quetsach.documents.card_pdf import card_pdf
from quetsach.documents.fonts import find_face
from quetsach.documents.link import checked_link
from quetsach.errors import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.findings.signed import digest_of_manifest
from quetsach.whole_files import write_whole

_PLACE = "{device}"
# With a longer key the code is too fine to be read from paper by a telephone; in characters.
_LONGEST_KEY = 200
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")


def write_cards(
    folder: Path,
    *,
    devices: Sequence[str] = (),
    out: Path | None = None,
    html: bool = False,
    case_url: str | None = None,
    tool: str = "",
) -> tuple[Path, ...]:
    """Write the sheet of each device to be handled, or of `devices`, and return the files.

    Shapes: a device is named by its key, name, hardware address or an address it had; `case_url`
    has `{device}` where the device's key belongs, else it is put behind a slash; `out` is
    the folder FOLDER/cards unless given.
    Errors: E303, E305 for the folder; E405, E406 for a document; E408 for a device that is not
    there; E409 for a case URL that is none.
    """
    if case_url is not None:
        _check_url(case_url)
    findings = read_folder(folder)
    campaign = Campaign(ZoneInfo(findings.manifest["options"]["zone"]), tool)
    chosen = _chosen(_devices(findings), devices, str(folder))
    face = None if html else find_face()
    target = folder / "cards" if out is None else out
    written = []
    for place, device in chosen:
        card = card_of(device, campaign, case_code(findings, device, case_url))
        content = card_page(card).encode() if html else card_pdf(card, face=face)
        path = target / f"{place:03d}-{_file_name(card)}.{'html' if html else 'pdf'}"
        write_whole(path, content)
        written.append(path)
    return tuple(written)


def _devices(findings: Findings) -> list[Mapping[str, Any]]:
    found = findings.devices.get("devices")
    if not isinstance(found, list) or not all(
        isinstance(one, dict) and isinstance(one.get("device"), str) for one in found
    ):
        raise QuetsachError("E404", str(findings.folder), reason="devices")
    return found


def _chosen(
    devices: Sequence[Mapping[str, Any]], names: Sequence[str], where: str
) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the devices with these names, each with its place in the findings, 1 = first."""
    placed = list(enumerate(devices, 1))
    if not names:
        return placed
    wanted = dict.fromkeys(map(_folded, names))
    known = {place: _names(one) for place, one in placed}
    for name in wanted:
        if not any(name in one for one in known.values()):
            raise QuetsachError("E408", where, device=name)
    return [(place, one) for place, one in placed if not known[place].isdisjoint(wanted)]


def _names(device: Mapping[str, Any]) -> set[str]:
    machine = device.get("machine")
    inventory = machine if isinstance(machine, dict) else {}
    addresses = device.get("addresses")
    names = [device["device"], device.get("host_name"), device.get("mac")]
    names += [inventory.get("key"), inventory.get("name")]
    names += addresses if isinstance(addresses, list) else []
    return {_folded(one) for one in names if isinstance(one, str) and one}


def _folded(name: str) -> str:
    """Return a name as it is compared: NFC, without case."""
    return unicodedata.normalize("NFC", name).casefold()


def case_code(findings: Findings, device: Mapping[str, Any], case_url: str | None) -> str:
    """Return what the QR code of a device says: an address in the portal, or the case itself.

    Shapes: without `case_url` it is `quetsach:case:<digest of the findings>:<device key>`; a key
    that is too long for a code is told by its digest.
    """
    key = device["device"]
    quoted = quote(key, safe="", errors="backslashreplace")
    if len(quoted) > _LONGEST_KEY:
        key = quoted = f"sha256-{sha256(quoted.encode()).hexdigest()}"
    if case_url is None:
        return f"quetsach:case:{digest_of_manifest(findings.manifest)}:{key}"
    if _PLACE in case_url:
        return case_url.replace(_PLACE, quoted)
    return f"{case_url.rstrip('/')}/{quoted}"


def _check_url(url: str) -> None:
    checked_link(url)
    if url.count(_PLACE) > 1:
        raise QuetsachError("E409", url[:100])


def _file_name(card: Card) -> str:
    plain = unicodedata.normalize("NFD", card.name.replace("Đ", "D").replace("đ", "d"))
    ascii_only = plain.encode("ascii", "ignore").decode()
    return _NOT_IN_A_NAME.sub("-", ascii_only).strip("-")[:60] or "device"
