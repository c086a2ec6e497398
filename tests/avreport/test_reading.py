"""Reading: own messages come back, deviations of others and gaps are named."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.avreport.message import AvReportMessage, MachineRow
from quetsach.avreport.reading import MessageReader, gaps, parse_message
from quetsach.avreport.writing import unsigned
from quetsach.containers.xml import IN_MESSAGES
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import plain, use_language
from tests.avreport.messages import FIELD, LATER, MESSAGE


def read(data: bytes) -> tuple[AvReportMessage, list[str]]:
    use_language("en")
    reader = MessageReader("m.xml")
    message = reader.read(parse_message(data, "m.xml"))
    deviations = reader.deviations()
    use_language("vi")
    return message, deviations


def test_own_message_comes_back_whole_and_without_a_deviation() -> None:
    message, deviations = read(unsigned(MESSAGE))
    assert message == MESSAGE
    assert deviations == ["NumberMachineNotUpdateOn15Day is missing"]


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).map(plain).map(str.strip)


@given(
    st.lists(
        st.builds(
            MachineRow,
            st.just("Connection"),
            texts.map(lambda text: text or None),
            texts.map(lambda text: text or None),
            st.dictionaries(st.sampled_from(("Program", "Md5", "TargetIP")), texts.filter(bool)),
        ),
        max_size=5,
    )
)
def test_any_text_that_can_be_shown_comes_back(rows: list[MachineRow]) -> None:
    message = replace(MESSAGE, rows=tuple(rows))
    assert read(unsigned(message))[0] == message


def test_message_of_the_field_is_understood_and_its_names_are_told() -> None:
    message, deviations = read(FIELD)
    assert message.sender["OrganId"] == "000.00.00.H99"
    assert (message.subject, message.datetime) == ("Anti Virus Report", 1_700_000_000)
    assert message.not_updated == "0"
    assert deviations == ["Subject instead of edXML:Subject", "md5 instead of Md5"]
    assert message.rows[3] == MachineRow(
        "Connection", "10.0.0.5", "PC-1", {"Program": "Trojan.C2", "TargetIP": "203.0.113.5"}
    )
    assert message.rows[4].facts == {"OSName": "Windows 7", "LastUpdate": "2023-01-01"}
    assert message.rows[0].ip is None


def test_later_form_in_a_soap_envelope_is_understood() -> None:
    message, deviations = read(LATER)
    assert "soapenv:Envelope instead of edXMLEnvelope" in deviations
    assert "PathFile is not in the form" in deviations
    assert message.sender["OrganizationInCharge"] == "UBND tỉnh"
    assert message.rows[0].facts["PathFile"] == "C:\\x.exe"
    assert message.rows[1].facts == {"TargetIP": "198.51.100.23", "TargetPort": "443"}


def test_everything_in_small_letters_is_still_read() -> None:
    text = unsigned(MESSAGE).decode()
    names = "Malware|Machine|MalwareInfo|MalwareName|AVReport|Datetime"
    text = re.sub(rf"(</?)({names})\b", lambda tag: tag[1] + tag[2].lower(), text)
    message, deviations = read(text.encode())
    assert message.rows == MESSAGE.rows
    assert "machine instead of Machine (3 times)" in deviations


@pytest.mark.parametrize("count", [0, 2])
def test_no_report_or_two_are_refused(count: int) -> None:
    text = unsigned(MESSAGE).decode()
    start, end = text.index("<AVReport"), text.index("</AVReport>") + 11
    with pytest.raises(QuetsachError) as error:
        read((text[:start] + text[start:end] * count + text[end:]).encode())
    assert error.value.problem.code == "E440"


def test_value_in_two_pieces_or_twice_is_not_joined_to_another() -> None:
    text = unsigned(MESSAGE).decode()
    two = text.replace("203.0.113.77", "203.0.<!-- x -->113.77</TargetIP><TargetIP>192.0.2.1")
    message, deviations = read(two.encode())
    assert message.rows[1].facts == {"TargetIP": "203.0.113.77"}
    assert "TargetIP occurs twice; the first is used" in deviations


def test_deviations_are_bounded_and_say_so() -> None:
    odd = "".join(f"<x{n}/>" for n in range(5000))
    text = unsigned(MESSAGE).decode().replace("<OS/>", f"<OS>{odd}</OS>")
    _message, deviations = read(text.encode())
    assert len(deviations) == 201
    assert deviations[-1].startswith("... and more deviations (")


@pytest.mark.parametrize("text", ["-1", "12x", "1" * 30, "１２３", ""])
def test_time_that_is_no_number_of_seconds_is_named(text: str) -> None:
    message, deviations = read(unsigned(MESSAGE).replace(b"1662940800", text.encode()))
    assert message.datetime is None
    assert any(one.startswith("Datetime is not a number") for one in deviations)


def told(message: AvReportMessage) -> list[str]:
    use_language("en")
    sentences = gaps(message)
    use_language("vi")
    return sentences


def test_habits_of_the_field_are_all_named() -> None:
    sentences = told(MessageReader("x").read(parse_message(FIELD, "x")))
    for sentence in (
        "of the sender is missing: Fax",
        "Update: 0 machines without update for 15 days; a constant 0 is known in the field",
        "Malware: Machine@ip: missing in 3 of 3 rows",
        "Malware: TypeOfDevice contains the path of a file in 3 rows",
        "Malware: MalwareBehavior only repeats MalwareType in 3 rows",
        "Malware: NumberFile: always 1, in 3 rows",
        "Connection: Md5: missing in 1 of 1 rows",
        "Vulnerability: no data",
        "QualityFeature: no data",
    ):
        assert sentence in sentences


def test_own_message_names_what_logs_cannot_tell() -> None:
    sentences = told(MESSAGE)
    for group in ("Vulnerability", "OS", "QualityFeature"):
        assert f"{group}: no data" in sentences
    assert "Malware: MalwareType: missing in 1 of 1 rows" in sentences
    assert "Connection: Program: missing in 2 of 2 rows" in sentences
    assert "Connection: Machine@name: missing in 1 of 2 rows" in sentences
    assert any(one.startswith("Update: the number") for one in sentences)


def test_what_is_no_address_is_named() -> None:
    row = MachineRow("Connection", "PC-1", "x", {"TargetIP": "bad.example"})
    sentences = told(AvReportMessage({}, "", "", None, (row,), "many"))
    assert "Connection: Machine@ip: no address in 1 rows, such as PC-1" in sentences
    assert "Connection: TargetIP: no address in 1 rows, such as bad.example" in sentences
    assert "Update: not a number: many" in sentences
    assert "the time of the report is missing" in sentences


def test_full_message_has_no_gap() -> None:
    from quetsach.avreport.message import FROM, GROUPS

    rows = tuple(
        MachineRow(
            group.name, f"10.0.0.{n}", f"PC-{n}", dict.fromkeys(group.fields, f"192.0.2.{n}")
        )
        for group in GROUPS
        for n in (1, 2)
    )
    rows = tuple(
        MachineRow(one.group, one.ip, one.name, {**one.facts, "MalwareBehavior": "b"})
        if one.group == "Malware"
        else one
        for one in rows
    )
    assert told(AvReportMessage(dict.fromkeys(FROM, "x"), "s", "p", 1, rows, "3")) == []


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
