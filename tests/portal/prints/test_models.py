"""A question begins without an answer."""

from quetsach_portal.prints.models import PrintMatch, PrintQuestion


def test_what_is_not_asked_yet_has_no_figures() -> None:
    question = PrintQuestion()
    assert (question.done_at, question.asked_days, question.by_chance) == (None, 0, 0)
    assert PrintMatch().requested_at is None
