"""What the campaign hands out, made before the pages that list it are laid out."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.handouts import versions
from quetsach_portal.handouts.public_page import general_giver
from quetsach_portal.publishing.problems import CannotWrite
from quetsach_portal.publishing.shown import page_to_write

WHAT = _lazy("Materials")


def write(folder: Path) -> str:
    """Make the editions of what has changed, and return how many there are."""
    page = page_to_write()
    if not page.address:
        raise CannotWrite(
            _("Write the address of the public page first: the QR codes on posters lead there.")
        )
    made = versions.keep_all(page.campaign, general_giver(page.campaign))
    return _("%(count)s files") % {"count": len(made)}
