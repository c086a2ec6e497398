"""What is missing or constant is named, in our own messages and in those of others."""

from quetsach.avreport.message import AvReportMessage, MachineRow
from quetsach.avreport.reading import MessageReader, gaps, parse_message
from quetsach.texts import use_language
from tests.avreport.messages import FIELD, MESSAGE


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
        "Malware: TypeOfDevice holds a path of a file in 3 rows",
        "Malware: MalwareBehavior only repeats MalwareType in 3 rows",
        "Malware: NumberFile: always 1, in 3 rows",
        "Connection: Md5: missing in 1 of 1 rows",
        "Vulnerability: nothing is told",
        "QualityFeature: nothing is told",
    ):
        assert sentence in sentences


def test_own_message_names_what_logs_cannot_tell() -> None:
    sentences = told(MESSAGE)
    for group in ("Vulnerability", "OS", "QualityFeature"):
        assert f"{group}: nothing is told" in sentences
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
