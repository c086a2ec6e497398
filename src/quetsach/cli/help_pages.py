"""The page of the documentation that the help of a command ends with."""

from collections.abc import Mapping

from quetsach.texts import _, language

PAGES: Mapping[str, tuple[str, str]] = {
    "sweep": ("tutorials/first-sweep.md", "tutorials/first-sweep.md"),
    "watch": ("watch.md", "watch.md"),
    "trace": ("trace.md", "trace.md"),
    "who": ("trace.md", "trace.md"),
    "answer-slip": ("carriers.md", "trace.md"),
    "why": ("explanations/results.md", "hits.md"),
    "verdict": ("verdicts.md", "verdicts.md"),
    "fingerprints": ("fingerprints.md", "fingerprints.md"),
    "export": ("exports.md", "exports.md"),
    "push": ("push.md", "exports.md"),
    "report": ("reports-out.md", "reports.md"),
    "card": ("how-to/prove-clean.md", "verdicts.md"),
    "indicators": ("how-to/check-a-list.md", "list-gate.md"),
    "sensors": ("sensors.md", "sensors.md"),
    "letter": ("letter.md", "letters-out.md"),
    "avreport": ("avreport.md", "signing.md"),
    "exam": ("exam.md", "exam.md"),
    "planted": ("planted.md", "planted.md"),
    "blocklist": ("how-to/block-a-list.md", "outputs.md"),
    "verify-tool": ("public-page.md", "public-page.md"),
    "formats": ("formats.md", "formats.md"),
    "serve": ("deploying.md", "deploying.md"),
    "manage": ("deploying.md", "deploying.md"),
    "config": ("configuration.md", "configuration.md"),
    "demo": ("tutorials/first-sweep.md", "tutorials/first-sweep.md"),
    "demo-live": ("watch.md", "watch.md"),
    "doctor": ("deploying.md", "deploying.md"),
    "selftest": ("tutorials/office-without-internet.md", "tutorials/office-without-internet.md"),
}
"""The page of each command of `quetsach`: in English below docs/, in Vietnamese below docs/vi/."""

OTHERS = "cli.md"
"""The page of a command that has none of its own."""


def more_on(command: str) -> str:
    """Return the line that names the page of a command, in the language in use."""
    english, vietnamese = PAGES.get(command, (OTHERS, OTHERS))
    page = f"docs/vi/{vietnamese}" if language() == "vi" else f"docs/{english}"
    return _("More: %(page)s") % {"page": page}
