"""Which forms a line may be of, by what these cannot do without."""

import pytest

from quetsach.formats.form_needs import FormNeeds

NEEDS = FormNeeds()
for place, (literals, keys) in enumerate(
    [(("SRC=",), ()), (("query[", "reply "), ()), ((), ("event_type",)), ((), ()), (("ố=",), ())]
):
    NEEDS.add(place, literals, keys)


@pytest.mark.parametrize(
    ("text", "document", "places"),
    [
        ("FW IN=br0 SRC=10.0.0.1", None, {0, 3}),
        ("query[A] a.example", None, {1, 3}),
        ("reply a.example is 192.0.2.1 \udc80", {"event_type": "dns"}, {1, 2, 3}),
        ("số=1", None, {3, 4}),
        ("", None, {3}),
    ],
)
def test_narrowed_by_some_lines_they_say_the_same_of_each(
    text: str, document: dict[str, str] | None, places: set[int]
) -> None:
    assert {*NEEDS.places(text, document)} == places
    for some in (text, f"other\n{text}\nSRC= reply"):
        assert {*NEEDS.narrowed(some).places(text, document)} == places


def test_narrowed_by_lines_without_any_few_forms_are_left() -> None:
    assert NEEDS.narrowed("nothing").places("SRC= query[") == [3]
