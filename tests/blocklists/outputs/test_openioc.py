"""OpenIOC: in the form of its schema, read back by ourselves, and never wider than the list."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree

from quetsach.indicators.model import Claim, IndicatorKind, IndicatorStatus, MatchRule, Tlp
from quetsach.indicators.restriction import Audience
from tests.blocklists.exchanged import KNOWN, known, read_back
from tests.blocklists.making import AT_US, indicators, make, mixed

NAMESPACE = "http://openioc.org/schemas/OpenIOC_1.1"

# The rules of the published schema, schemas/ioc.xsd of OpenIOC 1.1: of each element the attributes
# that it must and may have, and what it holds, in this order.
SCHEMA = {
    "OpenIOC": ("id last-modified published-date", "", "metadata criteria parameters?"),
    "metadata": (
        "", "", "short_description? description? keywords? authored_by? authored_date links?",
    ),
    "criteria": ("", "", "Indicator+"),
    "Indicator": ("operator id", "node-context", "IndicatorItem* Indicator*"),
    "IndicatorItem": ("id condition preserve-case negate", "", "Context Content"),
    "Context": ("", "document search type", ""),
    "Content": ("", "type", ""),
    "links": ("", "", "link*"),
    "link": ("rel", "href title type", ""),
    "parameters": ("", "", "param*"),
    "param": ("id ref-id name", "", "value?"),
    "value": ("", "type", ""),
}  # fmt: skip
WORDS = {
    "operator": {"OR", "AND"},
    "condition": {
        "is", "contains", "matches", "starts-with", "ends-with", "greater-than", "less-than",
    },
    "negate": {"true", "false"},
    "preserve-case": {"true", "false"},
}  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def checked(text: str) -> ElementTree.Element:
    """Return the root of a file that keeps to the schema."""
    root = ElementTree.fromstring(text.encode())
    for element in root.iter():
        namespace, _brace, tag = element.tag[1:].partition("}")
        assert namespace == NAMESPACE
        must, may, inner = SCHEMA.get(tag, ("", "", ""))
        assert {*must.split()} <= {*element.attrib} <= {*must.split(), *may.split()}, tag
        for name, value in element.attrib.items():
            assert value in WORDS.get(name, {value})
        held = "".join(f"{child.tag.partition('}')[2]} " for child in element)
        order = "".join(
            f"({word.rstrip('?*+')} ){word[-1] if word[-1] in '?*+' else ''}"
            for word in inner.split()
        )
        assert re.fullmatch(order, held), (tag, held)
    times = [root.attrib["last-modified"], root.attrib["published-date"]]
    times += [each.text or "" for each in root.iter(f"{{{NAMESPACE}}}authored_date")]
    assert all(TIME.fullmatch(each) for each in times)
    return root


def items(text: str) -> set[tuple[str, str, str]]:
    """Return term, condition and content of each item."""
    found = set()
    for item in checked(text).iter(f"{{{NAMESPACE}}}IndicatorItem"):
        context, content = item
        found.add((context.attrib["search"], item.attrib["condition"], content.text or ""))
    return found


def test_each_kind_has_its_term_and_a_network_has_none() -> None:
    made = make("openioc", mixed())
    (text,) = made.files.values()
    assert items(text) == {
        ("DnsEntryItem/Host", "is", "below.bad.example"),
        ("DnsEntryItem/Host", "ends-with", ".below.bad.example"),
        ("DnsEntryItem/Host", "is", "exact.bad.example"),
        ("DnsEntryItem/Host", "is", "xn--ti-khon-lwa5j.example"),
        ("DnsEntryItem/Host", "ends-with", ".xn--ti-khon-lwa5j.example"),
        ("PortItem/remoteIP", "is", "203.0.113.77"),
        ("PortItem/remoteIP", "is", "203.0.113.78"),
        ("PortItem/remotePort", "is", "443"),
        ("PortItem/remoteIP", "is", "2001:db8::2"),
        ("PortItem/remotePort", "is", "8443"),
        ("PortItem/remoteIP", "is", "2001:db8::1"),
        ("UrlHistoryItem/URL", "starts-with", "https://hacked.example/wp/a?x=1"),
        ("FileItem/Md5sum", "is", "44d88612fea8a8f36de82e1278abb02f"),
        ("FileItem/Sha1sum", "is", "3395856ce81f2b7382dee72602f798b642f14140"),
        (
            "FileItem/Sha256sum",
            "is",
            "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
        ),
    }
    lost = {one.indicator.kind: one.why for one in made.chosen.left_out}
    assert lost == {IndicatorKind.NETWORK: "kind"}


def test_what_we_write_we_read_back_with_its_rule(tmp_path: Path) -> None:
    back = read_back("openioc", mixed(), tmp_path)
    assert {(one.key, one.kind, one.rule) for one in back.indicators} == {
        (one.key, one.kind, one.rule) for one in mixed() if one.kind is not IndicatorKind.NETWORK
    }
    assert back.refusals == ()


def test_an_address_and_its_port_are_joined_and_nothing_else_is() -> None:
    (text,) = make("openioc", mixed()).files.values()
    groups = [
        {(child[0].attrib["search"], child[1].text) for child in group}
        for group in checked(text).iter(f"{{{NAMESPACE}}}Indicator")
        if group.attrib["operator"] == "AND"
    ]
    assert groups == [
        {("PortItem/remoteIP", "203.0.113.78"), ("PortItem/remotePort", "443")},
        {("PortItem/remoteIP", "2001:db8::2"), ("PortItem/remotePort", "8443")},
    ]


def test_what_is_known_of_an_indicator_stands_in_parameters_of_its_item() -> None:
    (text,) = make(
        "openioc", known(), audience=Audience.ORGANISATION, title="Sweep 9"
    ).files.values()
    root = checked(text)
    ids = {item[1].text: item.attrib["id"] for item in root.iter(f"{{{NAMESPACE}}}IndicatorItem")}
    told = {
        each.attrib["name"]: each[0].text
        for each in root.iter(f"{{{NAMESPACE}}}param")
        if each.attrib["ref-id"] == ids["bad.example"]
    }
    assert told == {
        "tlp": "amber+strict",
        "class": "command-and-control",
        "family": "Mirai",
        "comment": KNOWN.label,
        "confidence": "80",
        "valid-from": "2026-09-11T01:00:00.000Z",
        "valid-until": "2026-09-13T01:00:00.000Z",
    }
    every = {*ids.values(), *(each.attrib["id"] for each in root.iter(f"{{{NAMESPACE}}}Indicator"))}
    assert {each.attrib["ref-id"] for each in root.iter(f"{{{NAMESPACE}}}param")} <= every


def test_the_strictest_marking_and_the_title_are_read_back(tmp_path: Path) -> None:
    marked = indicators("bad.example", claim=Claim(tlp=Tlp.GREEN, family="Mirai"))
    marked += indicators("worse.example", claim=Claim(tlp=Tlp.AMBER, family="Mirai"))
    back = read_back("openioc", marked, tmp_path)
    assert {(one.claim.tlp, one.claim.family) for one in back.indicators} == {(Tlp.AMBER, "Mirai")}


def test_what_is_over_is_noted_and_what_was_withdrawn_left_out() -> None:
    over = indicators("over.example", claim=Claim(valid_until_us=AT_US - 1))
    gone = indicators("gone.example", claim=Claim(status=IndicatorStatus.WITHDRAWN))
    made = make("openioc", (*over, *gone))
    assert [one.why for one in made.chosen.noted] == ["time-unsaid"]
    assert [one.why for one in made.chosen.left_out] == ["withdrawn"]
    assert "gone.example" not in "".join(made.files.values())


def test_ids_stay_the_same_and_a_long_list_is_split() -> None:
    many = indicators(*(f"n{number}.example" for number in range(20)))
    first, again = (make("openioc", many, limit=8).files for _time in range(2))
    assert first == again
    assert sorted(first) == ["quetsach-1.ioc", "quetsach-2.ioc", "quetsach-3.ioc"]
    ids = [
        element.attrib["id"]
        for text in first.values()
        for element in checked(text).iter()
        if "id" in element.attrib
    ]
    assert len(ids) == len({*ids})


def test_another_reader_of_xml_takes_hostile_words() -> None:
    words = "</value>]]>&\"'<x>\0\x1b\u202e đ"
    (text,) = make(
        "openioc", indicators("bad.example", claim=Claim(label=words, family=words)), title=words
    ).files.values()
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    texts = [each.text for each in root.iter(f"{{{NAMESPACE}}}value")]
    assert "</value>]]>&\"'<x>    đ" in texts
    assert "\u202e" not in text
    checked(text)


@pytest.mark.parametrize("rule", [MatchRule.EXACT, MatchRule.BELOW])
def test_no_condition_meets_a_name_beside_the_one_listed(rule: MatchRule) -> None:
    exact = ("bad.example",) if rule is MatchRule.EXACT else ()
    (text,) = make(
        "openioc", indicators(*(() if exact else ("bad.example",)), exact=exact)
    ).files.values()

    def met(name: str) -> bool:
        return any(
            name == content if condition == "is" else name.endswith(content)
            for _term, condition, content in items(text)
        )

    assert met("bad.example")
    assert met("www.bad.example") is (rule is MatchRule.BELOW)
    assert not any(map(met, ("notbad.example", "bad.example.org", "example")))
