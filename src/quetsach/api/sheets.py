"""Single pages as PDF: of what is signed, of devices, for the units of a campaign."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from quetsach.atomic_files import write_set
from quetsach.clocks import HERE
from quetsach.documents.sheets.campaign_sheets import JoinSheet as JoinSheet
from quetsach.documents.sheets.campaign_sheets import ReceiptSheet as ReceiptSheet
from quetsach.documents.sheets.campaign_sheets import SheetAudience as SheetAudience
from quetsach.documents.sheets.campaign_sheets import WeekLine as WeekLine
from quetsach.documents.sheets.campaign_sheets import WeekSheet as WeekSheet
from quetsach.documents.sheets.card import CardCampaign, HandlingCard, card_of, card_page, card_pdf
from quetsach.documents.sheets.release_sheet import Cell
from quetsach.documents.sheets.slips import SlipSheet as SlipSheet
from quetsach.documents.typeset.proof import checked_link
from quetsach.documents.typeset.typst import find_face
from quetsach.documents.typeset.typst import mark_pages as mark_pages
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.findings.restricted import pages_for
from quetsach.findings.signed import digest_of_manifest
from quetsach.indicators.restriction import Audience
from quetsach.scanning.job import zone_of
from quetsach.texts import Language, in_language


def sheet(path: Path, *, out: Path | None = None, key_id: str | None = None) -> Path:
    """Write the one-page sheet of what is signed at `path` as PDF, and return where it is.

    Errors: E235 when it was changed; E238 when it is not signed; E405, E406 for the PDF.
    """
    from quetsach.api.verifying import write_sheet

    return write_sheet(path, out=out, key_id=key_id)


def cards(
    folder: Path,
    *,
    devices: Sequence[str] = (),
    out: Path | None = None,
    html: bool = False,
    case_url: str | None = None,
    tool: str = "",
) -> tuple[Path, ...]:
    """Write a handling sheet for each device in `folder`, or for `devices`; return the files.

    Errors: E303, E305; E405, E406; E408 for a device that is not there; E409 for the URL.
    """

    return write_cards(folder, devices=devices, out=out, html=html, case_url=case_url, tool=tool)


def card(
    device: Mapping[str, Any],
    *,
    case_url: str,
    zone: str = HERE,
    tool: str = "",
    language: Language | None = None,
) -> bytes:
    """Return the handling sheet of one device as PDF, its QR code leading to `case_url`.

    Shapes: `device` as devices.json of a findings folder has it; what it lacks stays blank.
    Errors: E405; E409 for the URL; E601 for the zone.
    """
    from quetsach.documents.sheets.card import CardCampaign, card_of, card_pdf
    from quetsach.documents.typeset.proof import checked_link

    with in_language(language):
        return card_pdf(card_of(device, CardCampaign(zone_of(zone), tool), checked_link(case_url)))


def join_sheet(sheet: JoinSheet, *, language: Language | None = None) -> bytes:
    """Return the sheet that invites a unit's people to a campaign, as PDF.

    Errors: E405; E409 for the link; E423.
    """
    from quetsach.documents.sheets.campaign_sheets import join_sheet_pdf

    with in_language(language):
        return join_sheet_pdf(sheet)


def slip_sheet(sheet: SlipSheet, *, language: Language | None = None) -> bytes:
    """Return slips to cut up, 24 on each A4 page, as PDF. Errors: E405; E409 for a link; E423."""
    from quetsach.documents.sheets.slips import slip_sheet_pdf

    with in_language(language):
        return slip_sheet_pdf(sheet)


def table_xlsx(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return figures as a workbook; numbers are numbers, and no cell is a formula."""
    from quetsach.documents.sheets.release_sheet import table_xlsx

    return table_xlsx(heads, rows)


def table_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return figures as CSV in UTF-8; no cell is taken for a formula."""
    from quetsach.documents.sheets.release_sheet import table_csv

    return table_csv(heads, rows)


def write_table(
    out: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, xlsx: bool
) -> None:
    """Write figures as workbook or CSV, row by row: so many of them need no more memory."""
    from quetsach.documents.sheets.release_sheet import write_csv, write_xlsx

    (write_xlsx if xlsx else write_csv)(out, heads, rows)


def week_sheet(sheet: WeekSheet, *, language: Language | None = None) -> bytes:
    """Return the week of a campaign on one page, for who leads a unit, as PDF.

    Errors: E405; E409 for the link.
    """
    from quetsach.documents.sheets.campaign_sheets import week_sheet_pdf

    with in_language(language):
        return week_sheet_pdf(sheet)


def receipt_sheet(sheet: ReceiptSheet, *, language: Language | None = None) -> bytes:
    """Return the sheet that goes with a printed letter, to confirm its receipt, as PDF.

    Errors: E405; E409 for the link.
    """
    from quetsach.documents.sheets.campaign_sheets import receipt_sheet_pdf

    with in_language(language):
        return receipt_sheet_pdf(sheet)


# Handling sheets for the devices of a findings folder, one file a device.

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
    campaign = CardCampaign(ZoneInfo(findings.manifest["options"]["zone"]), tool)
    chosen = _chosen(_devices(findings), devices, str(folder))
    face = None if html else find_face()
    target = folder / "cards" if out is None else out
    written: list[tuple[Path, bytes]] = []
    for place, device in chosen:
        card = card_of(device, campaign, case_code(findings, device, case_url))
        content = card_page(card).encode() if html else card_pdf(card, face=face)
        path = target / f"{place:03d}-{_file_name(card)}.{'html' if html else 'pdf'}"
        written.append((path, content))
    # Sheets of some machines alone would be taken for all that are to be handled.
    write_set(written)
    return tuple(path for path, _content in written)


def _devices(findings: Findings) -> list[Mapping[str, Any]]:
    devices = _for_the_office(findings).get("devices")
    if not isinstance(devices, list) or not all(
        isinstance(one, dict) and isinstance(one.get("device"), str) for one in devices
    ):
        raise QuetsachError("E404", str(findings.folder), reason="devices")
    return devices


def _for_the_office(findings: Findings) -> Mapping[str, Any]:
    """Return the devices without what only the person who sweeps may see: a sheet is passed on."""
    pages = {
        "devices": findings.devices,
        "coverage": findings.coverage,
        "rejects": findings.rejects,
        "manifest": findings.manifest,
    }
    try:
        devices: Mapping[str, Any] = pages_for(pages, Audience.ORGANISATION)["devices"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise QuetsachError("E404", str(findings.folder), reason="devices") from error
    return devices


def _chosen(
    devices: Sequence[Mapping[str, Any]], names: Sequence[str], where: str
) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the devices with these names, each with its place in the findings, 1 = first."""
    placed = list(enumerate(devices, 1))
    if not names:
        return placed
    folded_names = dict.fromkeys(map(_folded, names))
    names_by_place = {place: _names(one) for place, one in placed}
    for name in folded_names:
        if not any(name in one for one in names_by_place.values()):
            raise QuetsachError("E408", where, device=name)
    return [
        (place, one) for place, one in placed if not names_by_place[place].isdisjoint(folded_names)
    ]


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


def _file_name(card: HandlingCard) -> str:
    plain = unicodedata.normalize("NFD", card.name.replace("Đ", "D").replace("đ", "d"))
    ascii_only = plain.encode("ascii", "ignore").decode()
    return _NOT_IN_A_NAME.sub("-", ascii_only).strip("-")[:60] or "device"
