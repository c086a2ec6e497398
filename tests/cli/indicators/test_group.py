"""Every member of a closed set has words of its own."""

from quetsach.cli.indicators.group import change_word, clash_word, status_word, verdict_word
from quetsach.indicators.contradictions import ContradictionKind
from quetsach.indicators.model import AllowDecision, IndicatorStatus
from quetsach.indicators.releases.updates import IndicatorChange
from quetsach.texts import use_language


def test_no_word_is_missing() -> None:
    use_language("vi")
    for word, closed in (
        (change_word, IndicatorChange),
        (clash_word, ContradictionKind),
        (status_word, IndicatorStatus),
        (verdict_word, AllowDecision),
    ):
        texts = [word(one) for one in closed]
        assert not set(texts) & {str(one) for one in closed}
        assert len(set(texts)) == len(texts)
