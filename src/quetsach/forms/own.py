"""What a unit says of itself: its figure, the one its records give, and why they differ."""

from dataclasses import dataclass

from quetsach.forms.values import Count, Picked, Rows, Value, Words


@dataclass(frozen=True, slots=True)
class Own:
    """One unit's own value; `derived` is what its records answer, kept beside what was typed.

    Shapes: `organisations` are the ids of the organisations that the value counts, as far as they
    are known; `sketch` is the sketch of the machines that it counts (see distinct.py).
    """

    value: Value
    derived: Value | None = None
    reason: str = ""
    organisations: frozenset[str] = frozenset()
    sketch: bytes | None = None

    @property
    def differs(self) -> bool:
        """Whether another value was given than the records answer."""
        return self.derived is not None and not same_answer(self.value, self.derived)

    @property
    def needs_reason(self) -> bool:
        """Whether it differs and nobody has said why."""
        return self.differs and not self.reason.strip()


def same_answer(one: Value, other: Value) -> bool:
    """Tell whether two values answer the same, whatever their grades and remarks."""
    return _answer(one) == _answer(other)


def _answer(value: Value) -> object:
    if isinstance(value, Count):
        return value.number
    if isinstance(value, Words):
        return value.text
    if isinstance(value, Picked):
        return value.choices
    return value.rows if isinstance(value, Rows) else value
