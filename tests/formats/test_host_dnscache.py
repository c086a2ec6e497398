"""Names asked for are found in every language of Windows; a block is told from an answer."""

from quetsach.formats.host_dnscache import HostDnscache
from quetsach.formats.registry import recognise
from tests.formats.golden import read

HEAD = b"# quetsach-collect 1 holds=dnscache host=PC-VT-07 mac=- address=10.20.3.41 taken=-\n"
FORM = HostDnscache()


def test_a_labelled_name_counts_once_where_it_was_asked_for() -> None:
    text = (
        b"    bad.example\r\n    ----------------------------------------\r\n"
        b"    Eintragsname. . . . . : bad.example\r\n    A-Eintrag (Host). . . : 203.0.113.77\r\n"
    )
    assert recognise(b"\r\nWindows-IP-Konfiguration\r\n\r\n" + text).name == FORM.name
    events = [event for _, event in read(FORM, HEAD + text).events]
    assert [one.get("dns.question.name") for one in events] == ["bad.example", None]
    assert [one.get("dns.answers") for one in events] == [None, ["203.0.113.77"]]


def test_what_does_not_exist_was_asked_for_all_the_same() -> None:
    text = b"    gone.example\r\n    ------------------------------\r\n    Name gibt es nicht.\r\n"
    (event,) = (event for _, event in read(FORM, HEAD + text).events)
    assert event["dns.question.name"] == "gone.example"


def test_indented_text_is_no_cache() -> None:
    assert recognise(b"    bad.example\n    plain words\n").name != FORM.name


def test_a_row_of_another_width_is_a_reject() -> None:
    text = (
        b'"Entry","RecordName","Data"\n"a.example","a.example"\n"' + b"x" * 100_000 + b'","",""\n'
    )
    rows = read(FORM, text)
    assert [one.reason for one in rows.rejects] == ["not-a-row", "not-a-row"]
