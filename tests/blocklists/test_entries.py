"""What is planted exists nowhere, differs from release to release, and stands in every file."""

import re
from ipaddress import ip_address, ip_network
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from quetsach.blocklists.entries import (
    LONGEST_COMMENT,
    ascii_words,
    loaded_name_of,
    planted_address_of,
    planted_name_of,
    safe_url,
    verification_entries,
)
from quetsach.blocklists.outputs.registry import OUTPUTS
from quetsach.indicators.model import IndicatorKind
from tests.blocklists.making import make, mixed


@given(st.integers(0, 16**12 - 1))
def test_names_and_addresses_are_of_the_ranges_for_documentation(number: int) -> None:
    list_id = f"qs-{number:012x}"
    assert planted_name_of(list_id).endswith(".example")
    assert loaded_name_of(list_id).endswith(".example")
    address = ip_address(planted_address_of(list_id))
    assert address in list(ip_network("192.0.2.0/24").hosts())


def test_each_form_is_planted_with_the_kinds_that_it_can_say() -> None:
    for one in OUTPUTS:
        made = make(one.name, mixed())
        kinds = {entry.indicator.kind for entry in verification_entries(one, made.about)}
        able = {IndicatorKind.NAME, IndicatorKind.ADDRESS} & set(one.covers)
        assert kinds == (set() if one.exchange else able)


def test_vietnamese_stays_readable() -> None:
    assert ascii_words("Mã độc Đánh cắp – Công văn số 2290/BTTTT") == (
        "Ma doc Danh cap Cong van so 2290 BTTTT"
    )


@given(st.text(max_size=300))
def test_a_comment_has_letters_digits_blanks_and_dashes_alone(text: str) -> None:
    said = ascii_words(text)
    assert re.fullmatch(r"[A-Za-z0-9 _-]*", said)
    assert len(said) <= LONGEST_COMMENT
    assert said == said.strip()


@given(st.text(max_size=100).filter(lambda text: "%" not in text))
def test_a_page_has_nothing_a_shell_or_a_quote_would_read(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    written = safe_url(text)
    assert not re.search(r"[\s\"'`$;<>|\\{}^#\x00-\x1f\x7f-\uffff]", written)
    assert unquote(written) == text
