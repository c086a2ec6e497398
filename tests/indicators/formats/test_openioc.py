"""OpenIOC: items that are enough alone are taken, trees of AND are listed, hostile XML is named."""

from xml.sax.saxutils import escape, quoteattr

import pytest

from quetsach.indicators.formats.openioc import LARGEST_XML
from quetsach.indicators.model import MatchRule, Tlp
from quetsach.indicators.options import RefusalReason
from tests.indicators.formats.reading import read, rows, taken

SHA1 = "b" * 40


def item(term: str, value: str, condition: str = "is", more: str = "") -> str:
    document = quoteattr(term.partition("/")[0])
    return (
        f'<IndicatorItem id="70c2e7c4" condition={quoteattr(condition)} {more}>'
        f'<Context document={document} search={quoteattr(term)} type="mir" />'
        f'<Content type="string">{escape(value)}</Content></IndicatorItem>'
    )


def group(operator: str, *inner: str) -> str:
    return f'<Indicator operator="{operator}" id="712fd551">{"".join(inner)}</Indicator>'


def ioc(tree: str, links: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- ghi chú -->\n'
        '<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="ec3b97c8">'
        "<short_description>Chiến dịch Ví Dụ</short_description>"
        f"<links>{links}</links><definition>{tree}</definition></ioc>"
    ).encode()


def openioc_1_1(tree: str) -> bytes:
    return (
        '<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" id="ec3b97c8"><metadata>'
        "<short_description>Ví Dụ</short_description>"
        '<links><link rel="family">ViDuRAT</link><link rel="tlp">amber</link></links></metadata>'
        f"<criteria>{tree}</criteria></OpenIOC>"
    ).encode()


def test_items_joined_by_or_are_taken_by_their_kind() -> None:
    raw = ioc(
        group(
            "OR",
            item("Network/DNS", "bad.example"),
            item("Network/DNS", "worse.example", "contains"),
            item("PortItem/remoteIP", "203.0.113.7"),
            item("FileItem/Sha1sum", SHA1),
            item("Network/URI", "http://bad.example/a"),
            item("UrlHistoryItem/HostName", "www.bad.example"),
        )
    )
    found = rows(raw, "openioc")
    assert [(one.value, one.rule) for one in found] == [
        ("bad.example", MatchRule.EXACT),
        ("worse.example", MatchRule.BELOW),
        ("203.0.113.7", None),
        (SHA1, None),
        ("http://bad.example/a", None),
        ("www.bad.example", MatchRule.EXACT),
    ]
    assert {one.claim.label for one in found} == {"Chiến dịch Ví Dụ"}
    assert [one.number for one in found] == [1, 2, 3, 4, 5, 6]


def test_items_joined_by_and_are_not_applied() -> None:
    both = (item("Network/DNS", "bad.example"), item("FileItem/Sha1sum", SHA1))
    raw = ioc(group("OR", group("AND", *both), item("Network/DNS", "worse.example")))
    found = rows(raw, "openioc")
    assert taken(found) == ["worse.example"]
    assert [one.refused for one in found[:2]] == [RefusalReason.NOT_APPLIED] * 2
    nested = ioc(group("AND", group("OR", *both), item("FileItem/FileName", "a.exe")))
    assert taken(rows(nested, "openioc")) == []


def test_an_and_of_one_is_no_and() -> None:
    raw = ioc(group("AND", group("OR", item("Network/DNS", "bad.example"))))
    assert taken(rows(raw, "openioc")) == ["bad.example"]


@pytest.mark.parametrize(
    ("term", "value", "condition"),
    [
        ("Network/URI", "bad.example", "contains"),
        ("Network/DNS", "bad", "contains"),
        ("Network/DNS", r"bad\.example", "matches"),
        ("FileItem/Md5sum", "abcdef", "contains"),
        ("PortItem/remoteIP", "203.0.113.7", "contains"),
        ("Network/DNS", "bad.example", "isnot"),
        ("Snort/Snort", "alert tcp any any", "contains"),
    ],
)
def test_a_condition_that_says_more_than_a_value_is_not_applied(
    term: str, value: str, condition: str
) -> None:
    found = rows(ioc(group("OR", item(term, value, condition))), "openioc")
    assert [one.refused for one in found] == [RefusalReason.NOT_APPLIED]
    assert found[0].text == f"{term} {condition} {value}"


def address_with_port(
    *more: str, operator: str = "AND", port: str = "443", condition: str = "is"
) -> bytes:
    items = (
        item("PortItem/remoteIP", "203.0.113.7"),
        item("PortItem/remotePort", port, condition),
    )
    return ioc(group("OR", group(operator, *items, *more)))


def test_an_address_and_its_port_are_one_indicator() -> None:
    (row,) = rows(address_with_port(), "openioc")
    assert (row.value, row.refused) == ("203.0.113.7:443", None)
    assert row.text == "PortItem/remoteIP is 203.0.113.7 AND PortItem/remotePort is 443"
    six = (item("PortItem/remotePort", "8443"), item("PortItem/remoteIP", "2001:db8::2"))
    assert taken(rows(ioc(group("AND", *six)), "openioc")) == ["[2001:db8::2]:8443"]


@pytest.mark.parametrize(
    "raw",
    [
        address_with_port(item("FileItem/FileName", "a.exe")),
        address_with_port(port="443 TO 500"),
        address_with_port(condition="greater-than"),
        ioc(
            group(
                "AND",
                item("FileItem/FileName", "a.exe"),
                group(
                    "AND",
                    item("PortItem/remoteIP", "203.0.113.7"),
                    item("PortItem/remotePort", "443"),
                ),
            )
        ),
    ],
)
def test_what_asks_for_more_than_address_and_port_is_not_applied(raw: bytes) -> None:
    assert taken(rows(raw, "openioc")) == []


def test_a_port_beside_an_address_is_no_port_of_it() -> None:
    assert taken(rows(address_with_port(operator="OR"), "openioc")) == ["203.0.113.7"]


def test_an_end_of_a_name_counts_beside_the_name_alone() -> None:
    ending = item("DnsEntryItem/Host", ".Bad.example", "ends-with")
    beside = ioc(group("OR", item("DnsEntryItem/Host", "bad.example"), ending))
    assert [(row.value, row.rule) for row in rows(beside, "openioc")] == [
        ("bad.example", MatchRule.EXACT),
        ("Bad.example", MatchRule.BELOW),
    ]
    for other in (
        ending,
        item("DnsEntryItem/Host", "bad.example", "ends-with"),
        ending + item("DnsEntryItem/Host", "bad.example", more='negate="true"'),
        ending + item("PortItem/remoteIP", ".bad.example", "ends-with"),
    ):
        assert taken(rows(ioc(group("OR", other)), "openioc")) == []


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("http://bad.example/a", True),
        ("https://bad.example/", True),
        ("http://bad.example", False),
        ("http://bad", False),
        ("bad.example/a", False),
    ],
)
def test_a_beginning_of_a_web_address_counts_from_its_host_on(url: str, is_taken: bool) -> None:
    found = rows(ioc(group("OR", item("UrlHistoryItem/URL", url, "starts-with"))), "openioc")
    assert taken(found) == ([url] if is_taken else [])


def test_what_is_no_value_of_ours_is_of_another_kind() -> None:
    raw = ioc(
        group(
            "OR",
            item("FileItem/FileName", "update.example"),
            item("RegistryItem/KeyPath", "HKLM"),
            item("Network/DNS", ""),
        )
    )
    assert [one.refused for one in rows(raw, "openioc")] == [
        RefusalReason.OTHER_KIND,
        RefusalReason.OTHER_KIND,
        RefusalReason.EMPTY,
    ]


def test_version_1_1_is_read_with_what_it_says_of_itself() -> None:
    raw = openioc_1_1(
        group(
            "OR",
            item("Network/DNS", "bad.example"),
            item("Network/DNS", "good.example", more='negate="true"'),
        )
    )
    found = rows(raw, "openioc")
    assert [one.refused for one in found] == [None, RefusalReason.NOT_APPLIED]
    assert found[0].claim.family == "ViDuRAT"
    assert found[0].claim.tlp is Tlp.AMBER
    assert found[0].claim.label == "Ví Dụ"


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "prolog",
    [
        f'<!DOCTYPE ioc [<!ENTITY a0 "x">{BOMB}]>',
        '<!DOCTYPE ioc [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE ioc SYSTEM "http://203.0.113.7/a.dtd">',
    ],
)
def test_entities_are_named_and_never_followed(prolog: str) -> None:
    tree = group("OR", item("Network/DNS", "bad.example"))
    raw = ioc(tree).replace(b"<ioc ", prolog.encode() + b"<ioc ").replace(b"bad.", b"&a9;bad.")
    name, reading = read(raw)
    assert (name, list(reading.rows)) == ("openioc", [])
    assert [one.code for one in reading.problems] == ["E210"]


def test_a_file_that_breaks_off_is_a_problem_and_no_shorter_list() -> None:
    whole = ioc(group("OR", *(item("Network/DNS", f"n{n}.example") for n in range(20))))
    for end in range(200, len(whole) - 1, 41):
        name, reading = read(whole[:end])
        assert (name, list(reading.rows)) == ("openioc", [])
        assert [one.code for one in reading.problems] == ["E210"]


def test_a_tree_nested_beyond_reason_is_read_or_named() -> None:
    deep = '<Indicator operator="OR">' * 50_000 + item("Network/DNS", "bad.example")
    raw = ioc(deep + "</Indicator>" * 50_000)
    name, reading = read(raw)
    assert name == "openioc"
    assert taken(list(reading.rows)) == ["bad.example"] or reading.problems


def test_an_unknown_encoding_is_a_problem() -> None:
    raw = ioc(group("OR")).replace(b"utf-8", b"no-such-code")
    assert [one.code for one in read(raw)[1].problems] == ["E210"]


def test_other_xml_is_left_to_other_forms() -> None:
    for raw in (b"<html><body>bad.example</body></html>", b"<a/>", b"<", b"<iocs></iocs>"):
        assert read(raw)[0] != "openioc"


def test_every_item_is_a_row_whatever_stands_in_it() -> None:
    good = item("Network/DNS", "bad.example")
    for odd in (
        "<IndicatorItem/>",
        "<IndicatorItem><Context/><Content/></IndicatorItem>",
        '<IndicatorItem condition="is"><Content>bad.example</Content></IndicatorItem>',
        "<IndicatorItem><IndicatorItem/></IndicatorItem>",
        '<IndicatorItem><Context search="Network/DNS"><Content/></Context></IndicatorItem>',
    ):
        found = rows(ioc(group("OR", odd, "<!-- x -->", "<?x y?>", good)), "openioc")
        assert [one.refused is None for one in found] == [False, True], odd


def test_a_tree_too_large_for_the_memory_is_a_problem() -> None:
    name, reading = read(ioc(group("OR", "<a/>" * (LARGEST_XML // 4))))
    assert (name, list(reading.rows)) == ("openioc", [])
    assert [one.code for one in reading.problems] == ["E210"]
