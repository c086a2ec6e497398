"""A translation history of a few records, and what it answers."""

from quetsach.attribution.model import Certainty, InsideEndpoint, OutsideEndpoint
from quetsach.attribution.translations import TranslationHistory
from quetsach.clocks import MICROSECONDS as S
from tests.attribution.translation_rows import PUBLIC, Nat, table

CERTAIN, LIKELY, AMBIGUOUS = Certainty.CERTAIN, Certainty.LIKELY, Certainty.AMBIGUOUS


def history_of(*records: Nat) -> TranslationHistory:
    placed = [one._replace(offset=number * 100) for number, one in enumerate(records)]
    return TranslationHistory(table(placed), ["nat.log"])


def endpoint(when: float | None, port: int | None = 40112, **more: str | int) -> OutsideEndpoint:
    return OutsideEndpoint(PUBLIC, port, None if when is None else round(when * S), **more)  # type: ignore[arg-type]


def outcome(found: list[InsideEndpoint]) -> list[tuple[str, Certainty]]:
    return [(one.address, one.grade) for one in found]
