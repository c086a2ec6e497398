"""The steps that a machine goes through, whatever was found on it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

STEPS: tuple[tuple[str, Promise, Promise], ...] = (
    (
        "disconnect",
        _lazy("Disconnect it from the network"),
        _lazy("Pull out the cable, turn off Wi-Fi. Leave the machine switched on."),
    ),
    (
        "scan",
        _lazy("Scan the whole machine"),
        _lazy("With the tool of the campaign, from a clean USB stick. Keep the report."),
    ),
    (
        "cracked",
        _lazy("Remove cracked software"),
        _lazy("Activation tools and cracks too: most infections come with them."),
    ),
    (
        "rescan",
        _lazy("Update and scan again"),
        _lazy("Until the scan finds nothing more. If it still does, install the system anew."),
    ),
    (
        "passwords",
        _lazy("Change the passwords"),
        _lazy("Of all who use this machine, from another machine."),
    ),
)
"""Code, title and hint of each step, in their order."""

CODES = tuple(code for code, _title, _hint in STEPS)


def step_title(code: str) -> str:
    """Return the title of a step, its code where it is none of ours."""
    return next((str(title) for one, title, _hint in STEPS if one == code), str(code))
