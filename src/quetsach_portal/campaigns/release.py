"""The release of indicators that a campaign looks for, identified by its digest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.problems import QuetsachError
from quetsach.api.signing import ReleaseFacts, release_facts, spoken_of
from quetsach.sandbox.contract import EndedFromOutside, SandboxAnswer, SandboxFailed
from quetsach.sandbox.run import OnProgress, call
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.sandboxed_reading import FACTS, LIMITS
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.web.acts import Refused

WORDS_A_LINE = 6


def facts_of(stored: StoredFile) -> ReleaseFacts:
    """Return the metadata of the release in `stored`, after reading all of it in the sandbox.

    Errors: Refused.
    """
    if stored.state != FileState.ACCEPTED:
        raise Refused(_("The file is still being checked, or was refused."), field="file")
    path = path_of(stored).resolve()
    with TemporaryDirectory() as folder:
        try:
            answer = run_in_sandbox(FACTS, str(path), folder=Path(folder), reads=[path])
        except EndedFromOutside as ended:
            raise Refused(_("Reading was interrupted. Try again."), field="file") from ended
    if answer.problem:
        raise Refused(
            _("This release cannot be used: %(why)s") % {"why": answer.problem}, field="file"
        )
    return facts_in(answer)


def facts_in(answer: SandboxAnswer) -> ReleaseFacts:
    """Return the facts that the sandbox answered. Errors: Refused for anything else."""
    try:
        return msgspec.convert(answer.value, ReleaseFacts)
    except msgspec.ValidationError as error:
        raise Refused(_("This release cannot be used."), field="file") from error


def run_in_sandbox(
    act: str,
    payload: Any,
    *,
    folder: Path,
    reads: Sequence[Path] = (),
    on_progress: OnProgress | None = None,
) -> SandboxAnswer:
    """Return what the sandbox answers; a failed process becomes a problem text.

    Errors: EndedFromOutside.
    """
    try:
        return call(
            act, payload, folder=folder, limits=LIMITS, reads=reads, on_progress=on_progress
        )
    except SandboxFailed as failed:
        text = _("reading it took too long, needed too much memory, or failed (%(how)s)")
        return SandboxAnswer(problem=text % {"how": failed})


def as_json(facts: ReleaseFacts) -> dict[str, Any]:
    """Return `facts` as the campaign keeps them."""
    return {
        "title": facts.title,
        "created": facts.created,
        "count": facts.count,
        "kinds": dict(facts.kinds),
        "words": list(facts.words),
        "signed_by": list(facts.signed_by),
    }


def hex_of(facts: ReleaseFacts) -> str:
    """Return the digest of the release in hex."""
    return facts.digest.removeprefix("sha256:")


def release_problem(campaign: Campaign) -> str:
    """Return why the campaign's release cannot be used any more, "" when it can."""
    if campaign.release_file is None:
        return ""
    try:
        facts = release_facts(path_of(campaign.release_file))
    except QuetsachError as error:
        return describe_error(error)
    if hex_of(facts) != campaign.release_sha256:
        return _("its digest differs from the selected release")
    return ""


def path_of_release(campaign: Campaign) -> Path | None:
    """Return the path of the campaign's release, None while it has none."""
    return None if campaign.release_file is None else path_of(campaign.release_file)


def lines_of_words(campaign: Campaign) -> list[str]:
    """Return the digest's 24 words as people read them to each other, six a line."""
    words: list[str] = campaign.release_facts.get("words", [])
    starts = range(0, len(words), WORDS_A_LINE)
    return [" ".join(words[start : start + WORDS_A_LINE]) for start in starts]


def spoken(campaign: Campaign) -> str:
    """Return the digits by which people compare the list on the telephone, "" without a list."""
    return "  ".join(spoken_of(campaign.release_sha256)) if campaign.release_sha256 else ""


KINDS: Mapping[str, Any] = {
    "address": _lazy("IP addresses"),
    "network": _lazy("networks"),
    "name": _lazy("domain names"),
    "url": _lazy("web addresses"),
    "hash": _lazy("digests of files"),
    "fingerprint": _lazy("TLS fingerprints"),
}


def kinds_in_words(campaign: Campaign) -> list[tuple[str, int]]:
    """Return how many indicators of each kind the release holds."""
    kinds: dict[str, int] = campaign.release_facts.get("kinds", {})
    return [(str(word), kinds[kind]) for kind, word in KINDS.items() if kind in kinds]


def now_iso() -> str:
    """Return this moment as a release carries it."""
    moment: datetime = timezone.localtime()
    return moment.isoformat(timespec="seconds")


def describe_error(error: QuetsachError) -> str:
    """Return the engine's message without the internal file name."""
    return str(error)[:300]
