"""What a correction would do, as it is shown before and bound to the second person's word."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_NAMED = 20
"""So many units are named; the rest is counted."""


@dataclass(frozen=True)
class CorrectionPlan:
    """What a correction would do to the campaign as it stands now.

    Shapes: `proposal` and `before` are JSON, field by field; `facts` counts and names what it
    changes; `words` says what changes, from what to what, in the language in use, and `effects`
    what follows from it.
    """

    proposal: Mapping[str, Any]
    before: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Sequence[str] = ()
    effects: Sequence[str] = ()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of all that is shown but its wording, in hex."""
        shown = [self.proposal, self.before, self.facts]
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()

    def is_shown_by(self, shown: str) -> bool:
        """Return whether `shown`, a digest that a page carried, is that of this plan."""
        return self.digest == shown


def named(names: Sequence[str], count: int) -> str:
    """Return the first of `names` as text, with how many more of `count` there are."""
    shown = list(names[:MOST_NAMED])
    more = count - len(shown)
    return ", ".join([*shown, f"… (+{more})"] if more > 0 else shown)
