"""ActiveAddresses: the texts that one address after the other would give, in any form."""

import json
from ipaddress import IPv4Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from quetsach.findings.folder import json_bytes
from quetsach.findings.speakers import ActiveAddresses, number_array, text_array

NUMBERS = st.sets(
    st.integers(0, 2**32 - 1)
    | st.sampled_from([0, 0x0A0000FF, 0x0A000100, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(NUMBERS)
def test_texts_are_those_of_the_module_ipaddress(numbers: set[int]) -> None:
    texts = [str(IPv4Address(one)) for one in sorted(numbers)]
    speakers = ActiveAddresses(BitMap(numbers))
    assert text_array(number_array(BitMap(numbers))).to_pylist() == texts
    assert (list(speakers), len(speakers)) == (texts, len(texts))
    assert [speakers[place] for place in range(len(texts))] == texts
    assert list(speakers[1:3]) == texts[1:3]
    assert all(text in speakers for text in texts)


@pytest.mark.parametrize("stranger", ["10.0.0.6", "2001:db8::5", "", "10.0.0", 0x0A000005])
def test_others_did_not_speak(stranger: object) -> None:
    assert stranger not in ActiveAddresses(BitMap([0x0A000005]))


@settings(max_examples=20, deadline=None)
@given(NUMBERS)
def test_the_bytes_in_json_are_those_of_a_list(numbers: set[int]) -> None:
    speakers = ActiveAddresses(BitMap(numbers))
    page = {"alive": {"2022-09-12": speakers, "2022-09-13": ActiveAddresses(BitMap())}, "b": 1}
    plain = {"alive": {"2022-09-12": [*speakers], "2022-09-13": []}, "b": 1}
    assert json_bytes(page) == json_bytes(plain)
    assert json.loads(json_bytes(page)) == plain
