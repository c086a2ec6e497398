"""Values as canonical JSON: read back as they were, refused with the place that does not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.forms.value_json import (
    CanonicalObject,
    NotCanonicalError,
    canonical,
    decoded,
    own_from_json,
    own_to_json,
    value_from_json,
    value_to_json,
)
from quetsach.forms.values import (
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    TextValue,
)

GRADES = st.sampled_from(list(FigureGrade))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES = st.one_of(
    st.sampled_from(list(AbsenceReason)),
    st.builds(GradedCount, st.integers(0, 10**12), GRADES, TEXTS),
    st.builds(TextValue, TEXTS, st.none() | GRADES),
    st.builds(ChosenAnswers, st.lists(TEXTS, max_size=3).map(tuple), GRADES),
    st.builds(FieldRows, st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple), GRADES),
)


@given(VALUES, st.binary(max_size=20))
def test_a_value_is_read_back_through_its_bytes(value: object, sketch: bytes) -> None:
    own = OwnValue(value, value, "lý do", frozenset({"b", "a"}), sketch)  # type: ignore[arg-type]
    raw = canonical(own_to_json(own))
    assert own_from_json(decoded(raw, 10_000_000), "own") == own
    assert canonical(decoded(raw, 10_000_000)) == raw


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (None, "x: not an object"),
        ({"count": True, "grade": "declared"}, "x.count: not a whole number"),
        ({"count": 1, "grade": "sure"}, "x.grade"),
        ({"count": 1, "grade": "declared", "more": 1}, "x.more: not known"),
        ({"words": 1}, "x.words: not a text"),
        ({"picked": ["a", 1], "grade": "declared"}, "x.picked: not a list of texts"),
        ({"rows": [["a"], "b"], "grade": "declared"}, "x.rows: not rows of texts"),
        ({"absent": "lost"}, "x.absent"),
        ({}, "x.grade: missing"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(raw: object, said: str) -> None:
    with pytest.raises(NotCanonicalError, match=said.replace(".", r"\.")):
        value_from_json(raw, "x")


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000, b"\xff", b"1 2", b"[1]" + b" " * 10])
def test_bytes_that_are_no_json_or_too_many_are_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        decoded(raw, 12)


def test_half_a_surrogate_and_a_long_place_are_refused_in_short_words() -> None:
    with pytest.raises(NotCanonicalError, match="surrogate"):
        canonical({"a": "\ud800"})
    deep = CanonicalObject({"k" * 500: 1}, "x")
    with pytest.raises(NotCanonicalError) as caught:
        deep.only("a")
    assert len(str(caught.value)) < 220


def test_a_value_writes_only_the_keys_that_it_has() -> None:
    assert value_to_json(GradedCount(1, FigureGrade.DECLARED)) == {"count": 1, "grade": "declared"}
    assert value_to_json(TextValue("a", None)) == {"words": "a"}
