"""A list of nothing but names and addresses is of no form but the last."""

import random

import pytest

from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.registry import FORMS, forms_asked, is_bare

NAMES = ["bad.example", "www.xn--bad-lna.example", "com.vn", "rpz.example", "192.0.2.9", "0.0.0.0"]


def list_file(text: str, suffix: str = ".txt") -> ListFile:
    return ListFile(f"a{suffix}", "", text.encode(), suffix)


@pytest.mark.parametrize("suffix", ["", ".txt", ".list"])
def test_no_other_form_takes_a_bare_list(suffix: str) -> None:
    chance = random.Random(7)
    for _ in range(60):
        count = chance.randrange(1, 40)
        end = chance.choice(["\n", "\r\n"])
        file = list_file(end.join(chance.choice(NAMES) for _ in range(count)) + end, suffix)
        assert is_bare(file)
        assert [form.name for form in forms_asked(file)] == ["plain"]
        taken = next(form for form in FORMS if form.read(file) is not None)
        assert taken.name == "plain"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# bad\nbad.example\n",
        "bad.example evil.example\n",
        "AS64500\n",
        "bad.example,1\n",
        "\n",
    ],
)
def test_all_else_is_shown_to_all(text: str) -> None:
    assert not is_bare(list_file(text))
    asked = [form.name for form in forms_asked(list_file(text))]
    assert asked == [form.name for form in FORMS]
    assert not is_bare(list_file("bad.example\n", ".csv"))
