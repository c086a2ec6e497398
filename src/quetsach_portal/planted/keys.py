"""The planted names of a unit: made by a key that is never stored, in no database and no backup.

It follows from the portal's own secret and the unit, so that a copy of the tables makes no name. A
portal that gets another secret plants other names: the PCs then need a new zip.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from quetsach.api import planted
from quetsach_portal.planted.models import PlantedPlace

_SALT = "quetsach.planted"
_MOST_DAYS_BACK = 400


def key_of(unit_id: int) -> planted.PlantedKey:
    """Return the key of a unit."""
    return planted.PlantedKey(salted_hmac(_SALT, str(unit_id), algorithm="sha256").digest())


def contact_of(place: PlantedPlace, day: date) -> planted.PlantedContact:
    """Return what is planted at a place on a day; the place counts by its number, not its name."""
    return planted.planted_on(key_of(place.unit_id), day, _place(place))


def contacts_of(places: Iterable[PlantedPlace], last: date) -> list[planted.PlantedContact]:
    """Return what was planted at `places` until `last`, of 400 days at most.

    Shapes: the `place` of each is the number of the place, as text.
    """
    contacts: list[planted.PlantedContact] = []
    for place in places:
        first = max(place.since, last - timedelta(days=_MOST_DAYS_BACK))
        days = planted.planted_between(key_of(place.unit_id), first, last, [_place(place)])
        contacts += days
    return contacts


def kit_of(place: PlantedPlace, first: date) -> bytes:
    """Return the zip for the PC of a place: collector, planted scripts, names, and the unit's code.

    Shapes: a ZIP with one folder; the same place and day give the same bytes.
    """
    folder = f"quetsach-{place.unit.code}-{place.pk}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        files = [*planted.planted_files(key_of(place.unit_id), _place(place), first)]
        for name, content in [*files, *_words(place)]:
            info = zipfile.ZipInfo(
                f"{folder}/{name}", (first.year, first.month, first.day, 0, 0, 0)
            )
            # Read by all; the shell script may be run.
            info.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return packed.getvalue()


def _place(place: PlantedPlace) -> str:
    return str(place.pk)


def _words(place: PlantedPlace) -> Sequence[tuple[str, bytes]]:
    lines = (
        _("Unit: %(unit)s (%(code)s)") % {"unit": place.unit, "code": place.unit.code},
        _("Place: %(place)s") % {"place": place.name},
        "",
        _("1. Copy this folder to the disk of one PC that is switched on every working day."),
        _("2. Windows: open a command prompt in the folder and run: quetsach-planted.cmd schedule"),
        _("   Linux: put the lines that sh quetsach-planted.sh cron prints into crontab -e"),
        _("3. When you are asked for data of this PC: run quetsach-collect and hand in its zip."),
        "",
        _("Nothing is installed, and nothing is sent to anybody. The folder lasts 400 days."),
    )
    # The editor of old Windows needs its own line ends, and the mark to read UTF-8.
    text = "\ufeff" + "".join(f"{line}\r\n" for line in lines)
    return (
        ("HUONG-DAN.txt", text.encode("utf-8")),
        ("don-vi.txt", f"{place.unit.code}\r\n".encode()),
    )
