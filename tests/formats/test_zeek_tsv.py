"""Zeek tables whose header is odd, changes on the way, or is missing."""

from datetime import UTC

from quetsach.formats.contract import LogLayout
from quetsach.formats.zeek_tsv import ZeekTsv

ZEEK = ZeekTsv()
HEADER = b"#separator \\x09\n#set_separator\t,\n#path\tconn\n#fields\tts\tid.orig_h\tconn_state\n"


def test_a_table_without_fields_line_is_rejected_until_one_comes() -> None:
    head = b"#separator \\x09\n#path\tconn\n"
    layout = ZEEK.layout(head)
    assert ZEEK.recognise(head)
    lines = [(0, b"1788225322\t10.20.3.41\tSF"), (30, HEADER.split(b"\n")[3]), (60, b"1\t-\tSF")]
    rows = ZEEK.parse(lines, layout, UTC)
    assert [(one.offset, one.reason) for one in rows.rejects] == [(0, "no-fields")]
    assert [offset for offset, _ in rows.events] == [60]


def test_a_fields_line_that_changes_nothing_gives_no_new_layout() -> None:
    layout = ZEEK.layout(HEADER)
    assert ZEEK.relayout(b"#fields\tts\tid.orig_h\tconn_state", layout) is None
    assert ZEEK.relayout(b"1788225322\t#fields in a page\tSF", layout) is None
    changed = ZEEK.relayout(b"#fields\tts\tquery\tqtype_name\r", layout)
    assert changed is not None
    assert changed.dataset == "zeek.dns"
    assert changed.columns[4:] == ("ts", "query", "qtype_name")


def test_every_line_of_a_dhcp_log_is_wanted_whatever_stood_before() -> None:
    layout = ZEEK.layout(HEADER)
    dhcp = ZEEK.relayout(b"#fields\tts\tmac\tassigned_addr", layout)
    assert dhcp is not None
    assert (layout.marker, dhcp.marker) == (None, b"")


def test_a_separator_of_several_characters_is_taken_from_the_header() -> None:
    head = b"#separator ||\n#set_separator||,\n#unset_field||-\n#path||conn\n#fields||ts||src\n"
    layout = ZEEK.layout(head)
    rows = ZEEK.parse([(0, b"1788225322||10.20.3.41")], layout, UTC)
    assert rows.events[0][1]["source.ip"] == "10.20.3.41"
    assert ZEEK.relayout(b"#fields||ts||src", layout) is None


def test_a_header_of_another_tool_is_not_zeek_s() -> None:
    assert not ZEEK.recognise(b"#Fields: date time action\n2026-09-01 08:15:22 ALLOW\n")
    assert not ZEEK.recognise(b"# a comment\nx\n#fields\tts\n")
    assert not ZEEK.recognise(b"")


def test_the_clock_is_left_out_where_the_time_is_not_the_first_column() -> None:
    layouts: list[LogLayout] = [
        ZEEK.layout(b"#path\tx\n#fields\t" + names) for names in (b"ts\tuid", b"uid\tts")
    ]
    assert [layout.clock is None for layout in layouts] == [False, True]
