"""An event's element is read by its fixed parts, whatever the marks and the damage."""

import pytest

from quetsach.formats.shared.windows_xml import data_of, is_event, read

EVENT = """<Event xmlns={q}http://schemas.microsoft.com/win/2004/08/events/event{q}><System>
<Provider Name={q}Microsoft-Windows-Sysmon{q} Guid={q}x{q}/><EventID Qualifiers={q}0{q}>22</EventID>
<TimeCreated SystemTime={q}2026-09-01T01:15:22.4129040Z{q}/><Channel>a/b</Channel>
<Computer>PC-07</Computer></System><EventData><Data Name={q}QueryName{q}>a&amp;b.example</Data>
<Data Name={q}Empty{q}/><Data>nameless</Data></EventData></Event>"""


@pytest.mark.parametrize("mark", ["'", '"'])
def test_the_fixed_parts_are_read(mark: str) -> None:
    told = read(EVENT.format(q=mark))
    assert told is not None
    assert (told.provider, told.event_id, told.computer, told.channel) == (
        "Microsoft-Windows-Sysmon",
        22,
        "PC-07",
        "a/b",
    )
    assert told.system_time == "2026-09-01T01:15:22.4129040Z"
    assert told.data == (("QueryName", "a&b.example"),)


def test_what_a_provider_named_itself_is_data_too() -> None:
    text = "<UserData><x xmlns='y'><QNAME>bad.example.</QNAME><Port>53</Port></x></UserData>"
    assert dict(data_of(text)) == {"QNAME": "bad.example.", "Port": "53"}


@pytest.mark.parametrize(
    "text", ["", "<Event>", "<Events><EventID>3</EventID>", "<Event ><EventID>x</EventID>"]
)
def test_what_is_no_event_is_none(text: str) -> None:
    assert not is_event(text) or read(text) is None


@pytest.mark.parametrize("unit", ["<Data Name='a'>", "<Provider ", "<EventID", "<a>b", "&lt;"])
def test_a_long_run_of_anything_ends(unit: str) -> None:
    text = "<UserData>" + unit * 30_000
    assert list(data_of(text)) == []
    assert read(text) is None
