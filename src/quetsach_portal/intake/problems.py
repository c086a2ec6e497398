"""The problems of handing in, each with a code (H1xx, H2xx) that never changes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """What happened, and what to do next: two message ids, each a whole sentence."""

    what: str
    todo: str


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark `message` for the catalogue and return it as it is."""
    return message


REASONS: Mapping[str, str] = {
    "too-many": N_("more than 500 files are in it"),
    "outside": N_("it stands outside the findings folder"),
    "twice": N_("two files have this name"),
    "name": N_("its name is not a plain one"),
    "link": N_("it is a link or a device, not a file"),
    "size": N_("it is far larger than such a file can be"),
}
"""Why a file in a zip is refused (H103)."""

PROBLEMS: Mapping[str, Entry] = {
    "H101": Entry(
        N_("The ZIP file cannot be unpacked: %(reason)s."),
        N_("Pack the findings folder anew as an ordinary ZIP file without a password."),
    ),
    "H102": Entry(
        N_("The ZIP file holds no findings folder: it has no manifest.json."),
        N_("Pack the whole folder that “quetsach sweep” wrote, with all files in it."),
    ),
    "H103": Entry(
        N_("A file in the ZIP is not taken: %(reason)s."),
        N_("Pack the findings folder anew, alone and as “quetsach sweep” wrote it."),
    ),
    "H104": Entry(
        N_("It was made with version %(version)s; this portal knows findings up to %(ours)s."),
        N_("Ask whoever runs the portal to update it, or sweep with the older version."),
    ),
    "H105": Entry(
        N_("The findings were changed after they were made: %(reason)s."),
        N_("Nothing of it was used. Sweep again and hand in what comes out, unchanged."),
    ),
    "H106": Entry(
        N_("The findings are not signed, and this campaign takes only signed ones."),
        N_("Register your unit’s key, sign with “--sign”, and hand them in again."),
    ),
    "H107": Entry(
        N_("The findings are signed by a key that your unit has not registered."),
        N_("Register the public key on the page of keys, then press “Look through it again”."),
    ),
    "H109": Entry(
        N_("This ZIP file holds a findings folder, not logs."),
        N_("Hand it in again and choose “A findings folder made at home”."),
    ),
    "H110": Entry(
        N_("The list of the campaign changed while the logs were looked through."),
        N_("Press “Look through it again”."),
    ),
    "H111": Entry(
        N_("There was nothing to look through in what was handed in."),
        N_("Look whether the files are the right ones and are not empty."),
    ),
    "H201": Entry(
        N_("It took longer than %(hours)s hours and was stopped."),
        N_("Hand in fewer days at once, or sweep at home and hand in the findings."),
    ),
    "H202": Entry(
        N_("It needed more memory than there is for one submission, and was stopped."),
        N_("Hand in fewer or smaller files, or sweep at home and hand in the findings."),
    ),
    "H203": Entry(
        N_("Reading it broke off without a word (%(reason)s)."),
        N_("It may have been made to do harm. Tell whoever runs the portal; nothing was changed."),
    ),
    "H204": Entry(
        N_("The campaign’s list of malicious addresses is not there or was changed."),
        N_("Tell the lead office; once it is put right, press “Look through it again”."),
    ),
    "H205": Entry(
        N_("A file that was handed in is not there any more."),
        N_("Hand in the files again."),
    ),
}
