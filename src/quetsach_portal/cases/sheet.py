"""The handling sheet of a case: one page for the person who walks to the machine."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from quetsach import api
from quetsach_portal.cases.models import Case
from quetsach_portal.cases.queries import CasePage


def sheet_pdf(page: CasePage) -> bytes:
    """Return the sheet as PDF, its code leading to the case. Errors: QuetsachError E405."""
    language = translation.get_language() or "vi"
    return api.card(
        device_values(page),
        case_url=case_url(page.case),
        language="en" if language.startswith("en") else "vi",
    )


def case_url(case: Case) -> str:
    """Return the address that the code on paper leads to; it names no device."""
    return f"{settings.QUETSACH.public_url}{reverse('cases:show', args=[case.pk])}"


def device_values(page: CasePage) -> dict[str, Any]:
    """Return the device as a findings folder tells one, from what the case knows."""
    device = page.case.device
    findings = [one for one in page.findings if one.set_aside_id is None]
    first = min((one.first_seen for one in findings if one.first_seen), default=None)
    last = max((one.last_seen for one in findings if one.last_seen), default=None)
    return {
        "device": device.key,
        "host_name": device.label or device.host_name or None,
        "mac": device.mac or None,
        "addresses": list(device.addresses),
        "grade": device.grade,
        "rivals": list(device.rivals),
        "place": {"unit_name": device.place or page.case.node.name_at_freeze},
        "sightings": sum(one.sightings for one in findings),
        "first_seen": None if first is None else timezone.localtime(first).isoformat(),
        "last_seen": None if last is None else timezone.localtime(last).isoformat(),
        "samples": [],
        "findings": [
            {"indicator": one.shown, "label": one.label, "best_grade": one.best_grade}
            for one in findings
        ],
    }
