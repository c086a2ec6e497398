"""Every member of a closed set has words of its own."""

from quetsach.cli.indicators.words import change_word, clash_word, status_word, verdict_word
from quetsach.indicators.contradictions import Clash
from quetsach.indicators.decision import Verdict
from quetsach.indicators.diff import Change
from quetsach.indicators.model import Status
from quetsach.texts import use_language


def test_no_word_is_missing() -> None:
    use_language("vi")
    for word, closed in (
        (change_word, Change),
        (clash_word, Clash),
        (status_word, Status),
        (verdict_word, Verdict),
    ):
        texts = [word(one) for one in closed]
        assert not set(texts) & {str(one) for one in closed}
        assert len(set(texts)) == len(texts)
