"""XML of a message: what is hostile or broken is refused with the code and a reason."""

import pytest

from quetsach.avreport.reading import parse_message
from quetsach.avreport.writing import unsigned
from quetsach.containers.xml import IN_MESSAGES
from quetsach.errors.exceptions import QuetsachError
from tests.avreport.messages import MESSAGE

GOOD = unsigned(MESSAGE)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"text", "XML: syntax error: line 1, column 0"),
        (GOOD[:-20], "XML: "),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DOCTYPE"),
        (b"<a>" * (IN_MESSAGES.depth + 1), "lồng quá sâu"),
        (b"<a>" + b" " * IN_MESSAGES.size + b"</a>", "lớn hơn 16 MiB"),
    ],
)
def test_hostile_or_broken_xml_is_refused_with_its_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(QuetsachError) as refused:
        parse_message(raw, "m.xml")
    assert refused.value.problem.code == "E440"
    assert reason in str(refused.value.problem.facts["reason"])


def test_message_in_another_known_encoding_is_read() -> None:
    text = GOOD.decode().replace("encoding='UTF-8'", "encoding='UTF-16'")
    assert parse_message(text.encode("utf-16"), "x").tag == "edXMLEnvelope"
    assert parse_message(GOOD, "x").tag == "edXMLEnvelope"
