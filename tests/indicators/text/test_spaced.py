"""Blanks at the dots of a value never shorten it: it is read whole, or a person is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.in_text import find_indicators
from quetsach.indicators.text.name_likeness import is_ending
from quetsach.indicators.text.spaced import SpacedValue, spaced_values, torn_tail

OPTIONS = ListOptions()
NAME = "update.kms-active.example"


def read(text: str) -> list[str]:
    """Return the keys of the values in `text`; "?" before the value where a person is asked."""
    told = []
    for one in find_indicators(text, OPTIONS):
        if one.parsed.reason is RefusalReason.UNCLEAR:
            told.append(f"?{one.value}")
        told += [value.key for value in one.parsed.values]
    return told


DOTS = [
    " . ", "[.]", " [.] ", "[ . ]", " [ . ] ", "(.)", " ( . ) ", "{.}", "[chấm]", " [chấm] ",
    "(chấm)", " (chấm)", " chấm ", "{dot}", "[dot]", " [dot] ", " dot ", "\xa0.\xa0", "<.>",
    "[d0t]", "[cham]", "\u2009.\u2009",
    "\u200b.\u200b", "\xad.", ".\u2060", "\u3000\uff0e\u3000", "\uff0e",
    " \u3002 ", "\u3010.\u3011",
]  # fmt: skip


@pytest.mark.parametrize("first", DOTS)
@pytest.mark.parametrize("second", ["[.]", "[chấm]", " [.] ", " . "])
def test_a_name_alone_is_read_whole_with_whatever_dots(first: str, second: str) -> None:
    assert read(f"update{first}kms-active{second}example") == [NAME]


@pytest.mark.parametrize("first", [". ", ".\xa0", ".  "])
def test_a_dot_that_may_end_a_sentence_is_asked_about(first: str) -> None:
    assert read(f"update{first}kms-active[.]example") == [f"?{NAME}"]


@given(
    st.lists(st.sampled_from(["update", "kms-active", "a1", "_dmarc"]), min_size=1, max_size=4),
    st.lists(st.sampled_from([*DOTS, " .", ". ", " .  ", ".\u200b "]), min_size=4, max_size=4),
    st.sampled_from(["", "Máy chủ ", "tên miền ", "1. ", "- ", "cần chặn: ", "domain "]),
    st.sampled_from(["", " và các", ", b.example", "; hết", " (mới)", "."]),
)  # fmt: skip
def test_a_name_is_whole_or_asked_in_any_text(
    labels: list[str], dots: list[str], before: str, after: str
) -> None:
    spelled = labels[0] + "".join(dot + part for dot, part in zip(dots, labels[1:], strict=False))
    text = f"{before}{spelled}[.]bad[.]example{after}"
    whole = ".".join([*labels, "bad.example"])
    shorter = {whole.split(".", n)[-1] for n in range(1, len(labels) + 1)}
    assert not shorter & set(read(text)), text
    assert any(whole.endswith(value.lstrip("?")) for value in read(text)), text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("máy chủ update . x[.]example", ["?update.x.example"]),
        ("máy chủ update. x[.]example", ["?update.x.example"]),
        ("tên miền update . x[.]example", ["update.x.example"]),
        ("Đã chặn máy chủ. x[.]example là tên miền", ["x.example"]),
        ("Chặn gấp . x[.]example", ["?gấp.x.example"]),
        ("x[.]example . Các đơn vị báo cáo", ["x.example"]),
        ("x[.]example. Các đơn vị báo cáo", ["x.example"]),
        ("x[.]example . vn", ["?x.example.vn"]),
        ("a.example. b.example", ["?a.example.b.example"]),
        ("1. x[.]example", ["x.example"]),
        ("Phụ lục 2. x[.]example", ["x.example"]),
        ("a . x[.]example", ["x.example"]),
        ("Cả .x.example và .y.example", ["x.example", "y.example"]),
        ("các trang (e.g. x[.]example)", ["x.example"]),
        ("203.0.113.7. x[.]example", ["203.0.113.7", "x.example"]),
        ("an@so . x[.]example", ["?so.x.example"]),
        ("kms- x[.]example", ["?x.example"]),
        ("C2 - x[.]example", ["x.example"]),
        ("update•x[.]example", ["?x.example"]),
        ("các tên miền .vn và .com", []),
        ("Kết luận . Các đơn vị . Báo cáo", []),
        ("www . x . com", ["www.x.com"]),
        ("hxxp :// update . x [.] example / a", ["?http://update.x.example"]),
        ("hxxp://update . x[.]example/a", ["update.x.example/a"]),
        ("http://x.example /a/b.php", ["?http://x.example"]),
        ("http://x.example / http://y.example", ["x.example/", "y.example/"]),
        ("x.example /y.example", ["?x.example"]),
    ],
)
def test_what_stands_beside_a_spaced_dot_decides(text: str, told: list[str]) -> None:
    assert read(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("203 . 0 . 113 . 7", ["203.0.113.7"]),
        ("203. 0.113.7:8080", ["203.0.113.7:8080"]),
        ("203 [.] 0 . 113 [.] 7", ["203.0.113.7"]),
        ("chặn 203. 0.113.7 ngay", ["?203.0.113.7"]),
        ("10. 203.0.113.7", ["203.0.113.7"]),
        ("Mục 1. 2. 3. 4", []),
        ("ngày 29 . 9 . 2022", []),
        ("203.0.113.7 : 8080", ["203.0.113.7:8080"]),
        ("203[.]0[.]113[.]7 [:] 8080", ["203.0.113.7:8080"]),
        ("203.0.113.7: 443 kết nối", ["?203.0.113.7"]),
        ("203.0.113.7: 08:30 ngày 1/9", ["203.0.113.7"]),
        ("chặn 203.0.113.7 cổng 8080 ngay", ["203.0.113.7:8080"]),
        ("203.0.113.7 (cổng TCP 8080), 203.0.113.8", ["203.0.113.7:8080", "203.0.113.8"]),
        ("203.0.113.7 port 8080", ["203.0.113.7:8080"]),
        ("203.0.113.7 cổng 80, 443", ["?203.0.113.7"]),
        ("203.0.113.7 cổng 70000", ["?203.0.113.7"]),
        ("203.0.113.0 /24", ["203.0.113.0/24"]),
        ("203.0.113.0 / 24 máy", ["?203.0.113.0"]),
        ("2001:db8:7:: 1", ["?2001:db8:7::"]),
    ],
)
def test_a_blank_never_widens_an_address(text: str, told: list[str]) -> None:
    assert read(text) == told


def test_a_span_covers_the_value_as_it_is_written() -> None:
    text = "chặn: update . x.example:443/a nhé"
    (value,) = spaced_values(text, is_ending)
    assert value == SpacedValue(6, 30, "update.x.example:443/a", asked=False)
    (found,) = find_indicators("chặn: update . x[.]example", OPTIONS)
    assert found.written == "update . x[.]example"
    assert found.defanged


def test_a_tail_belongs_to_addresses_or_asks() -> None:
    text = "203.0.113.7 :80"
    tail = torn_tail(text, 11, is_address=True, is_url=False)
    assert tail is not None
    assert (tail.end, tail.add) == (15, ":80")
    assert torn_tail(text, 11, is_address=False, is_url=False) is None


@pytest.mark.parametrize(
    "unit", [" . ", "a . ", ". a", " chấm ", "a chấm ", "1. ", " : 1", "a- ", ".\u3002 ", " .a"]
)
def test_hostile_blanks_are_read_to_their_end(unit: str) -> None:
    text = unit * (60_000 // len(unit)) + "\n\nxấu: evil[.]com"
    assert any(value.endswith("evil.com") for value in read(text)[-1:])
