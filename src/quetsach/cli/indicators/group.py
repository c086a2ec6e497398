"""The group `quetsach indicators` and the list of its commands."""

from quetsach.cli.main import LazyGroup
from quetsach.errors.catalogue import N_
from quetsach.texts import _

COMMANDS: tuple[tuple[str, str, str], ...] = (
    (
        "check",
        "indicators.lists:check_command",
        N_("Check lists: what is accepted, what is refused and why, and what needs review."),
    ),
    (
        "take-in",
        "indicators.take_in:command",
        N_("Take in what lists set aside: not marked for detection, or a path without a host."),
    ),
    (
        "decide",
        "indicators.releases:decide_command",
        N_("Record what a person decided on a doubtful indicator, with reason and end date."),
    ),
    (
        "release",
        "indicators.releases:release_command",
        N_("Write the lists as one version that never changes, named by its digest."),
    ),
    ("diff", "indicators.releases:diff_command", N_("Show what changed between two versions.")),
    (
        "try",
        "indicators.trial:command",
        N_("Try a new set on past evidence before it goes live."),
    ),
    (
        "would-hit",
        "indicators.would_hit:command",
        N_("Ask fingerprints on which days a list would have been met in logs that are gone."),
    ),
    (
        "withdrawn",
        "indicators.releases:withdrawn_command",
        N_("Show which past findings rest on withdrawn indicators."),
    ),
    (
        "convert",
        "indicators.convert:command",
        N_("Write the files that devices watch or block with, or exchange forms."),
    ),
    (
        "compile",
        "indicators.compile:command",
        N_("Write lists as one file that a sweep maps into memory."),
    ),
    (
        "columns",
        "indicators.lists:columns_command",
        N_("Show how the columns of a sender's table are read, and save it."),
    ),
    (
        "fetch",
        "indicators.fetch:command",
        N_("Fetch the list of a TAXII 2.1 or MISP server into a file."),
    ),
    ("key", "indicators.signing:key_command", N_("Make a pair of keys to sign with.")),
    ("sign", "indicators.signing:sign_command", N_("Sign a release, findings or any file.")),
    (
        "verify",
        "indicators.signing:verify_command",
        N_("Verify who signed a file and whether it was changed; also from paper."),
    ),
    ("sheet", "indicators.signing:sheet_command", N_("Put digest, words and QR code on one page.")),
)

command = LazyGroup(
    lazy=COMMANDS, name="indicators", help=_("Lists of indicators: check, convert, compare, sign.")
)


def verdict_word(verdict: str) -> str:
    """Return what is to become of an indicator, in words."""
    words = {"keep": _("keep"), "watch": _("watch only"), "drop": _("drop")}
    return words.get(verdict, verdict)


def clash_word(clash: str) -> str:
    """Return over what lists contradict each other, in words."""
    words = {
        "class": _("different classes"),
        "family": _("different families"),
        "status": _("withdrawn by one list, still listed by another"),
        "rule": _("exactly this name, or all below it as well"),
        "network": _("inside a listed network of another class"),
        "exception": _("listed, and named as an exception"),
        "dates": _("its last day lies before its first"),
        "replacement": _("replaced by an indicator that is not searched for"),
    }
    return words.get(clash, clash)


def set_aside_text(reason: str, count: str, name: str) -> str:
    """Return how many rows of the list `name` are set aside, and the command that takes them in.

    Shapes: `reason` is one of SET_ASIDE.
    """
    sentences = {
        "not-for-detection": _(
            "%(count)s rows not marked for detection (to_ids=false); to take them in: "
            "quetsach indicators take-in %(name)s -o more.jsonl"
        ),
        "path-only": _(
            "%(count)s rows are a path without a host; to take them in: "
            "quetsach indicators take-in %(name)s --under HOST -o more.jsonl"
        ),
    }
    return sentences[reason] % {"count": count, "name": name}


def change_word(change: str) -> str:
    """Return what happened to an indicator from one version to the next, in words."""
    words = {
        "added": _("added"),
        "removed": _("no longer there"),
        "withdrawn": _("withdrawn"),
        "replaced": _("replaced"),
        "dropped": _("dropped by decision"),
        "returned": _("listed again"),
        "widened": _("matches more than before"),
        "narrowed": _("matches less than before"),
        "expired": _("expired"),
        "class": _("other class"),
        "family": _("other family"),
        "tlp": _("other TLP"),
        "confidence": _("other confidence"),
        "allow": _("other allow classes"),
        "decision": _("other decision"),
        "sources": _("other sources"),
    }
    return words.get(change, change)


def status_word(status: str) -> str:
    """Return the status of an indicator, in words."""
    words = {
        "active": _("active"),
        "expired": _("expired"),
        "withdrawn": _("withdrawn"),
        "replaced": _("replaced"),
        "dropped": _("dropped by decision"),
    }
    return words.get(status, status)
