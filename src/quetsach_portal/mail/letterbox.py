"""Mails about accounts where there is no mail server: files that their reader alone can open.

Their links sign somebody in, so no terminal and no journal shows them; the worker says where they
lie. A file is as good as its link, and goes after that.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

FOLDER = "mails-about-accounts"
KEPT_S = 72 * 3600
"""So long a link is good: invitations and forgotten passwords."""


def put_in_letterbox(number: int, text: str) -> Path:
    """Write a mail into the home, say where it lies, and return its file.

    Errors: OSError; the mail then waits.
    """
    folder = Path(settings.QUETSACH.home) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    clear_letterbox()
    place = folder / f"{number}.txt"
    with suppress(FileNotFoundError):
        place.unlink()
    number_of_file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number_of_file, "w", encoding="utf-8") as file:
        file.write(text)
    message = _("There is no mail server (QUETSACH_SMTP_HOST). A mail about an account: %(file)s")
    sys.stdout.write(message % {"file": place} + "\n")
    sys.stdout.flush()
    return place


def clear_letterbox() -> None:
    """Remove what no longer opens anything, whether or not there is a mail server by now."""
    for place in (Path(settings.QUETSACH.home) / FOLDER).glob("*.txt"):
        with suppress(FileNotFoundError):
            if time.time() - place.stat().st_mtime > KEPT_S:
                place.unlink()
