"""The collector as one zip for a unit: its scripts, the unit's code, and what to do."""

import io
import zipfile
from functools import cache

from django.utils.translation import gettext as _

from quetsach.api.looks import COLLECTORS, script_bytes
from quetsach_portal.units.models import OrgUnit

_WHEN = (2026, 1, 1, 0, 0, 0)


def kit_of(unit: OrgUnit) -> bytes:
    """Return the zip of `unit`; the same unit and language give the same bytes."""
    folder = f"quetsach-{unit.code}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*_scripts(), *_words(unit)):
            info = zipfile.ZipInfo(f"{folder}/{name}", _WHEN)
            # Read by all; the shell script may be run.
            info.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return packed.getvalue()


@cache
def _scripts() -> tuple[tuple[str, bytes], ...]:
    return tuple((name, script_bytes(name)) for name in COLLECTORS)


def _words(unit: OrgUnit) -> tuple[tuple[str, bytes], ...]:
    lines = (
        _("Unit: %(unit)s (%(code)s)") % {"unit": unit, "code": unit.code},
        "",
        _("1. Copy this folder to a USB stick and take it to each machine."),
        _("2. Windows: double-click quetsach-collect.cmd and wait about a minute."),
        _("   Linux: run sudo sh quetsach-collect.sh"),
        _("   Phones and tablets: nothing can be run there; see the page “Check machines”."),
        _("3. A file quetsach-….zip appears beside it. Hand it in as it is, within 3 days."),
        "",
        _("Nothing is installed, and nothing is sent to anybody. No documents, no passwords."),
    )
    # The editor of old Windows needs its own line ends, and the mark to read UTF-8.
    text = "\ufeff" + "".join(f"{line}\r\n" for line in lines)
    return (
        ("HUONG-DAN.txt", text.encode("utf-8")),
        ("don-vi.txt", f"{unit.code}\r\n".encode()),
    )
