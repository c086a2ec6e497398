"""From a public address and port through one translation or several to the inside address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quetsach.attribute.model import Certainty, Inner, Outside, weaker
from quetsach.attribute.translations import SLACK_US, TranslationHistory

DEEPEST = 4
"""So many translations in a row are followed: a provider's, a building's, an office's, a room's."""

MOST = 64
"""So many ways are followed from one address."""

Chain = tuple[Inner, ...]
"""The inside addresses on the way from outside to the machine; the last is the machine's."""


def resolve(
    seen: Outside, histories: Sequence[TranslationHistory], *, slack_us: int = SLACK_US
) -> list[Chain]:
    """Return the ways from `seen` to machines, the surest first; none if no record knows it.

    An inside address that is itself the public side of another translation is followed; no
    address is met twice on one way. A way is as sure as its weakest step, and where several ways
    are left none is certain.
    """
    ways: list[Chain] = []
    _follow(seen, _Way(histories, slack_us, ways), (), frozenset((seen.address,)))
    ways.sort(key=_sureness)
    return ways


def sureness(chain: Chain) -> Certainty:
    """Return how sure a way is: as its weakest step."""
    grade = Certainty.CERTAIN
    for one in chain:
        grade = weaker(grade, one.grade)
    return grade


def _sureness(chain: Chain) -> int:
    return list(Certainty).index(sureness(chain))


@dataclass(frozen=True)
class _Way:
    """What stays the same while ways are followed, and those that were found."""

    histories: Sequence[TranslationHistory]
    slack_us: int
    found: list[Chain]


def _follow(seen: Outside, way: _Way, before: Chain, passed: frozenset[str]) -> None:
    for inner in _inside(seen, way.histories, way.slack_us):
        if len(way.found) >= MOST:
            return
        chain = (*before, inner)
        if inner.address in passed:
            # A translation that changes nothing is an end; what leads back is a loop, and none.
            if inner.address == seen.address:
                way.found.append(chain)
            continue
        count = len(way.found)
        if len(chain) < DEEPEST and any(one.knows(inner.address) for one in way.histories):
            after = replace(seen, address=inner.address, port=inner.port)
            _follow(after, way, chain, passed | {inner.address})
        if len(way.found) == count:
            way.found.append(chain)


def _inside(seen: Outside, histories: Sequence[TranslationHistory], slack_us: int) -> list[Inner]:
    """Return what all histories say, each inside address once, by its surest record."""
    every = [one for history in histories for one in history.inside(seen, slack_us=slack_us)]
    order = list(Certainty)
    found: dict[str, Inner] = {}
    for one in sorted(every, key=lambda one: order.index(one.grade)):
        found.setdefault(one.address, one)
    if len(found) > 1:
        return [
            replace(one, grade=weaker(one.grade, Certainty.AMBIGUOUS)) for one in found.values()
        ]
    return list(found.values())
