"""All devices as one table, beside a page that has no room for all of them."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from quetsach.html_report.words import certainty, role, strength
from quetsach.spreadsheet_cells import harmless_row
from quetsach.texts import _


def device_table(devices: Mapping[str, Any]) -> bytes:
    """Return the devices of devices.json as CSV in UTF-8 with a byte order mark.

    Words that a spreadsheet might take for a formula begin with an apostrophe.
    """
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        [
            *(_("No."), _("Device"), _("Addresses"), _("Location"), _("Why not counted")),
            *(_("Indicators"), _("Strongest sign"), _("How sure"), _("Sightings")),
            *(_("First seen"), _("Last seen"), _("Raw line")),
        ]
    )
    for row in _rows(devices):
        writer.writerow(harmless_row(row))
    return text.getvalue().encode()


def _rows(devices: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for position, one in enumerate(devices["devices"], start=1):
        yield (str(position), *_row(one, "", certainty(one["grade"]).name))
    for one in devices["not_blamed"]:
        yield ("", *_row(one, role(one["role"]).name, ""))


def _row(device: Mapping[str, Any], reason: str, sure: str) -> tuple[str, ...]:
    samples = device.get("samples", ())
    return (
        device["device"],
        " ".join(device["addresses"]),
        (device.get("place") or {}).get("unit_name") or "",
        reason,
        " ".join(device["indicators"]),
        strength(device["best_grade"]).name,
        sure,
        str(device["sightings"]),
        device["first_seen"] or "",
        device["last_seen"] or "",
        f"quetsach why . {samples[0]}" if samples else "",
    )
