"""One row of a list, of whatever form: its number, its text, and what stands where in it."""

from typing import NamedTuple

from quetsach.indicators.model import NO_CLAIM, Claim, Indicator, Rule
from quetsach.indicators.options import Reason


class ListRow(NamedTuple):
    """One row that may give an indicator.

    Shapes: `number` counts the lines, records or values of the file from 1; `value` is the one
    value as it is written there, defanged or not; `rule` is set where the form itself says how
    its names are met; `claim` is what the row says beside the value. `refused` is set where the
    form knows that the row is none of ours (a file name, a pattern too complex, an exception).
    `place` says where in a document it stands, for people; `letter` names the letter. `ready` is
    the indicator itself where the file is a release, which keeps its own origins.
    """

    number: int
    text: str
    value: str
    port: int | None = None
    rule: Rule | None = None
    claim: Claim = NO_CLAIM
    refused: Reason | None = None
    place: str = ""
    letter: str = ""
    ready: Indicator | None = None
