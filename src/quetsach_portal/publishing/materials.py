"""What the campaign hands out, made before the pages that list it are laid out."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.participation.handouts import editions
from quetsach_portal.participation.handouts.giver import general_giver
from quetsach_portal.publishing.folder import CannotWrite, page_to_write

MATERIALS_LABEL = _lazy("Materials")


def write_materials(folder: Path) -> str:
    """Make the editions of what has changed, and return how many there are."""
    page = page_to_write()
    if not page.address:
        raise CannotWrite(
            _("Write the address of the public page first: the QR codes on posters lead there.")
        )
    made = editions.refresh_editions(page.campaign, general_giver(page.campaign))
    return _("%(count)s files") % {"count": len(made)}
