"""The problems of files and uploads, each with a code (P1xx) that never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from quetsach_portal.web.acts import Refused


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark `message` for the catalogue and return it as it is."""
    return message


FILE_PROBLEMS: Mapping[str, tuple[str, str]] = {
    # What the file is.
    "P101": (N_("The file is empty."), N_("Choose the file again and check its size.")),
    "P102": (
        N_("The file has %(size)s; the limit here is %(limit)s."),
        N_("Upload a smaller file, or several."),
    ),
    "P103": (
        N_("The file must be %(kinds)s; this one is %(found)s."),
        N_("Open it in its program, save it as one of these types, and upload that file."),
    ),
    "P104": (
        N_("The file must be %(kinds)s; its name ends in “%(ending)s”, its content is %(found)s."),
        N_("Do not rename files: upload the file as its program or device wrote it."),
    ),
    "P105": (
        N_("The file is two files in one: %(first)s and %(second)s."),
        N_("Do not open it. Save the document again, or ask its sender for a new copy."),
    ),
    "P106": (
        N_("The file is damaged or cut off."),
        N_("Get it from its source again, and check that it can be opened there."),
    ),
    "P107": (
        N_("The file is locked with a password."),
        N_("Save a copy without the password and upload the copy."),
    ),
    # What is packed in it.
    "P108": (
        N_("Unpacked, the file would be larger than %(limit)s."),
        N_(
            "Unpack it where there is enough space, check it, and upload its files in "
            "smaller parts."
        ),
    ),
    "P109": (
        N_("It contains more than %(limit)s files."),
        N_("Split them into several archives."),
    ),
    "P110": (
        N_("“%(member)s” in it is itself an archive."),
        N_("Unpack the inner archive; pack its files directly, or upload them one by one."),
    ),
    "P111": (
        N_("The name “%(member)s” in it is not safe: %(reason)s."),
        N_("Pack the files again, from their own folder and with plain names."),
    ),
    "P112": (
        N_("“%(member)s” in it is a link or a device, not a file."),
        N_("Pack the files again without links."),
    ),
    "P113": (
        N_("Two files in it have the name “%(member)s”."),
        N_("Pack the files again, each with its own name."),
    ),
    "P114": (
        N_("The archive’s directory and its files do not match (“%(member)s”)."),
        N_("Do not open it. Pack the files again, or ask the person who made it."),
    ),
    "P115": (
        N_("“%(member)s” in it uses an unsupported compression method."),
        N_("Pack the files again as an ordinary ZIP file."),
    ),
    # What an office document holds.
    "P117": (
        N_("It contains macros (%(part)s)."),
        N_("Save it without macros, as XLSX or DOCX, and upload that file."),
    ),
    "P118": (
        N_("It defines entities or a document type (%(part)s), which no office program writes."),
        N_("Do not open it. Ask its sender by telephone whether the file is genuine."),
    ),
    "P119": (
        N_("When opened, it would load external content (%(part)s)."),
        N_("Remove the link, or save it as PDF and upload that file."),
    ),
    "P120": (
        N_("It contains an embedded object or a control (%(part)s)."),
        N_("Remove it, or save the document as PDF and upload that file."),
    ),
    # Pictures.
    "P121": (
        N_("The picture has too many pixels; the limit is %(limit)s million."),
        N_("Make the picture smaller and upload it again."),
    ),
    "P122": (
        N_("The picture cannot be read."),
        N_("Open it in its program, save it as JPEG or PNG, and upload that file."),
    ),
    # What was found in it.
    "P123": (
        N_("A scan for malicious code found “%(found)s” in it. It was put into quarantine."),
        N_(
            "Nobody can download it. Scan the machine it comes from, and inform the "
            "operator of the portal if it is needed as evidence."
        ),
    ),
    # The upload.
    "P124": (
        N_("You have uploaded %(limit)s files within one day."),
        N_("Upload more tomorrow, or pack many small files into one ZIP file."),
    ),
    "P125": (
        N_("Your uploads of the last 30 days would exceed %(limit)s."),
        N_("Ask the operator of the portal, or sweep locally and upload only the findings."),
    ),
    "P126": (
        N_("The upload took too long and was cancelled."),
        N_("Start again; on a slow connection, upload smaller parts."),
    ),
    "P127": (
        N_("The part does not follow the data received so far (%(offset)s bytes)."),
        N_("Query how much was received and continue from there."),
    ),
    "P128": (
        N_("The data received differ from the data sent."),
        N_("Upload the file again."),
    ),
    "P129": (
        N_("There is no space left for uploads."),
        N_("Nothing was stored. Inform the operator of the portal."),
    ),
    "P130": (
        N_("No file was chosen."),
        N_("Choose a file, then upload it."),
    ),
    "P131": (
        N_("The upload no longer exists."),
        N_("It was cancelled or has expired. Start again."),
    ),
    "P132": (
        N_("A scan for malicious code found “%(found)s” in it. It was not stored."),
        N_("Do not open the file. Scan the machine it comes from."),
    ),
    "P133": (
        N_("You have %(limit)s uploads in progress."),
        N_("Wait until one of them is done."),
    ),
    "P134": (
        N_("The upload is not complete: %(offset)s bytes were received."),
        N_("Finish the upload, then submit the form."),
    ),
    "P135": (
        N_("The page is too old for an upload."),
        N_("Reload the page, then upload the file."),
    ),
    "P136": (
        N_("The connection is too slow: almost nothing was received."),
        N_("Try again later; the data received so far are kept for a while."),
    ),
    "P137": (
        N_("This is the file of a private key. It was not stored."),
        N_(
            "Never upload a key: sign on your own PC with it, and upload the signed PDF. If its "
            "password is known to others, have the certificate revoked."
        ),
    ),
    # Remarks: the file is taken, and this is said beside it.
    "P140": (
        N_("The sheet “%(sheet)s” contains formulas; only the values last shown are used."),
        N_("Check that the values are correct."),
    ),
    "P141": (
        N_("The sheet “%(sheet)s” is hidden; it is read like the others."),
        N_("Check that it is meant to be sent."),
    ),
    "P142": (
        N_(
            "The sheet “%(sheet)s” uses values from another workbook; the values last "
            "shown are used."
        ),
        N_("Check that the values are correct."),
    ),
    "P143": (
        N_("The compressed data are truncated; the part before that is read."),
        N_("Get the file from its source again if it is complete there."),
    ),
    "P145": (
        N_("Accepted: %(kinds)s, at most %(limit)s."),
        N_("Choose a file."),
    ),
    "P144": (
        N_("It was not scanned for malicious code: no scanner was available."),
        N_("Scan it before you open it."),
    ),
}
"""What happened, and what to do next: two message ids by code, each a whole sentence."""


# A refusal or remark on a file: kept as values, put into words when somebody reads it.


@dataclass(frozen=True)
class FileProblem:
    """One refusal or remark: its code, where (a name to show, "" for none), and its facts.

    Shapes: a fact is a text, a number, or a list of message ids, shown as "a, b or c".
    """

    code: str
    where: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def what(self) -> str:
        """Return what happened, in the language in use."""
        return self._words(0)

    def todo(self) -> str:
        """Return what to do next, in the language in use."""
        return self._words(1)

    def as_json(self) -> dict[str, Any]:
        """Return the problem as values that JSON can hold."""
        return {"code": self.code, "where": self.where, "facts": dict(self.facts)}

    def _words(self, part: int) -> str:
        facts = {name: _words(fact) for name, fact in self.facts.items()}
        return gettext(FILE_PROBLEMS[self.code][part]) % facts

    def __str__(self) -> str:
        where = f" {self.where}" if self.where else ""
        return f"{self.code}{where}: {self.what()} {self.todo()}"


class FileRefused(Refused):
    """A file or an upload is not taken; it carries one Problem, and its words for a form."""

    def __init__(self, code: str, where: str = "", *, field: str = "", **facts: Any) -> None:
        self.problem = FileProblem(code, where, facts)
        super().__init__(f"{self.problem.what()} {self.problem.todo()}", field=field)

    def __str__(self) -> str:
        return f"{self.problem.code} {self.problem.where}".strip()


def problem_from(stored: Mapping[str, Any]) -> FileProblem:
    """Return the problem that `as_json` wrote."""
    return FileProblem(stored["code"], stored["where"], stored["facts"])


def _words(fact: Any) -> Any:
    if not isinstance(fact, list | tuple):
        return fact
    words = list(map(gettext, fact))
    if len(words) < 2:
        return "".join(words)
    return gettext("%(these)s or %(last)s") % {"these": ", ".join(words[:-1]), "last": words[-1]}
