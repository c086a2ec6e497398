"""The page of the documentation that the help of a command ends with."""

from collections.abc import Mapping

from quetsach.texts import _, language

PAGES: Mapping[str, str] = {
    "sweep": "tutorials/first-sweep.md",
    "watch": "watch.md",
    "trace": "trace.md",
    "who": "trace.md",
    "answer-slip": "carriers.md",
    "why": "explanations/results.md",
    "verdict": "verdicts.md",
    "fingerprints": "fingerprints.md",
    "export": "exports.md",
    "push": "push.md",
    "report": "reports-out.md",
    "card": "how-to/prove-clean.md",
    "indicators": "how-to/check-a-list.md",
    "sensors": "sensors.md",
    "letter": "letter.md",
    "avreport": "avreport.md",
    "exam": "exam.md",
    "planted": "planted.md",
    "blocklist": "how-to/block-a-list.md",
    "verify-tool": "public-page.md",
    "formats": "formats.md",
    "serve": "deploying.md",
    "manage": "deploying.md",
    "config": "configuration.md",
    "demo": "tutorials/first-sweep.md",
    "demo-live": "watch.md",
    "doctor": "deploying.md",
    "selftest": "tutorials/office-without-internet.md",
}
"""The page of each command of `quetsach`: in English below docs/, its twin below docs/vi/."""

OTHERS = "cli.md"
"""The page of a command that has none of its own."""


def more_on(command: str) -> str:
    """Return the line that names the page of a command, in the language in use."""
    folder = "docs/vi" if language() == "vi" else "docs"
    return _("More: %(page)s") % {"page": f"{folder}/{PAGES.get(command, OTHERS)}"}
