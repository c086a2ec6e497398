"""The one-minute self-assessment: answers are added up, shown, and forgotten."""

from typing import Any

from quetsach_public.joining import fields
from quetsach_public.pages.building import QUESTIONS
from quetsach_public.pages.filling import selftest_page
from quetsach_public.sending import Reply, own_reply

HIGH = 3
"""So many times "yes" are a high risk; so is cracked software alone, or no protection."""

_WEIGHTY = ("q1", "q2")


def assessed(frames: dict[str, Any], prefix: str, body: str) -> Reply:
    """Return the page with its result, or with what is not answered yet."""
    sent = fields(body)
    answers = {one: sent[one] for one in QUESTIONS if sent.get(one) in ("0", "1")}
    risk = "missing" if len(answers) < len(QUESTIONS) else _risk(answers)
    page = selftest_page(frames, answers, risk, f"{prefix}/lam-sach")
    return own_reply(page, "422 Unprocessable Content" if risk == "missing" else "200 OK")


def _risk(answers: dict[str, str]) -> str:
    yes = [one for one, said in answers.items() if said == "1"]
    if len(yes) >= HIGH or any(one in yes for one in _WEIGHTY):
        return "high"
    return "middle" if yes else "low"
