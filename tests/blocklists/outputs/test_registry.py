"""Each output: nothing is lost or widened in silence, and no list can make a device do more."""

import base64
import csv
import io
import ipaddress
import json
import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from quetsach.blocklists.contract import WHY_TEXTS, BlockReason, Mode, Output, Policy
from quetsach.blocklists.convert import ConvertedRelease
from quetsach.blocklists.never_block import host_of
from quetsach.blocklists.outputs.registry import NAMES, OUTPUTS
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorKind,
    IndicatorStatus,
    MatchRule,
    Origin,
)
from quetsach.urls import parse_url
from tests.blocklists.making import (
    AT_US,
    DAY_US,
    EXACT,
    SURICATA_RULE,
    indicators,
    make,
    mixed,
    modes,
    output,
)

NEVER_BLOCK = (("belt.txt", "# own\nhuyen.example\n203.0.113.0/28\n2001:db8:9::1\n"),)


ON_IT = ("huyen.example", "mail.huyen.example", "203.0.113.5", "http://www.huyen.example/a")


_IOC = "http://openioc.org/schemas/OpenIOC_1.1"

DEVICES = [one for one in OUTPUTS if not one.exchange]


HOSTILE = (
    "');Remove-Item -Recurse C:\\;('",
    '"; drop; sid:1;) alert ip any any -> any any (',
    "`reboot`$(reboot);|reboot&",
    "\r\nadd table inet x\r\n/system reset-configuration",
    "*/ #} { END quetsach \N{RIGHT-TO-LEFT OVERRIDE}\x1b[2J\0",
    "Mã độc đã lây, mẫu số 5 – “nặng”",
    "www.belt.example 10.0.0.1",
)


def _all(made: ConvertedRelease) -> str:
    return "\n".join([*made.files.values(), *made.undo.values(), *made.delta.values()])


@pytest.mark.parametrize(("form", "mode"), modes())
def test_every_indicator_is_written_or_left_out_with_a_reason_and_once(
    form: str, mode: Mode
) -> None:
    whole = (*mixed(), *indicators(*ON_IT))
    made = make(form, whole, mode, never_block=NEVER_BLOCK)
    taken = [one.indicator for one in made.chosen.entries]
    lost = [one.indicator for one in made.chosen.left_out]
    assert Counter((one.kind, one.rule, one.key) for one in (*taken, *lost)) == Counter(
        (one.kind, one.rule, one.key) for one in whole
    )
    assert {one.kind for one in taken} <= set(output(form).covers)
    assert all(one.why in WHY_TEXTS for one in (*made.chosen.left_out, *made.chosen.noted))


@pytest.mark.parametrize(("form", "mode"), modes())
def test_every_indicator_that_is_taken_stands_in_the_text(form: str, mode: Mode) -> None:
    made = make(form, mixed(), mode)
    text = "\n".join(_readable(made))
    for entry in made.chosen.entries:
        assert _trace(entry.indicator, text), f"{entry.indicator.key} is taken and not written"


def _readable(made: ConvertedRelease) -> list[str]:
    """Return what was written, with coded names decoded and reversed addresses turned."""
    lines = [line for text in made.files.values() for line in text.splitlines()]
    for line in list(lines):
        if re.fullmatch(r"[A-Za-z0-9+/]+=*", line) and len(line) % 4 == 0:
            lines.append(base64.b64decode(line).decode("utf-8", "replace"))
        if ".rpz-ip" in line:
            prefix, *parts = line.partition(".rpz-ip")[0].split(".")
            sign = ":" if "zz" in parts else "."
            address = sign.join(reversed(parts)).replace("zz", "")
            address += ":" if address.endswith(":") and "::" not in address else ""
            lines.append(str(ipaddress.ip_network(f"{address}/{prefix}")))
    return lines


def _trace(one: Indicator, text: str) -> bool:
    if one.kind is IndicatorKind.URL:
        url = parse_url(one.key)
        assert url is not None
        host = url.host.replace(".", "[.\\\\]+")
        return re.search(rf"{host}.*/wp/a", text) is not None
    if one.kind is IndicatorKind.NETWORK and one.key == "198.51.100.64/26":
        # It lies in 198.51.100.0/25, which some forms write alone, and some address by address.
        return "198.51.100.0/25" in text or "198.51.100.64" in text
    if one.kind is IndicatorKind.NETWORK and "\n198.51.100.3\n" in text:
        return True
    if one.rule is MatchRule.IP_PORT:
        return host_of(one) in text and str(one.port) in text
    return one.key in text


@pytest.mark.parametrize(("form", "mode"), modes())
def test_what_is_on_the_belt_never_appears_and_is_reported(form: str, mode: Mode) -> None:
    parent = indicators("commune.example")
    listed = (*NEVER_BLOCK, ("more.txt", "mail.commune.example\n"))
    found = (*mixed(), *indicators(*ON_IT, "203.0.113.0/24"), *parent)
    made = make(form, found, mode, never_block=listed)
    reported = {
        one.indicator.key for one in made.chosen.left_out if one.why is BlockReason.NEVER_BLOCK
    }
    wanted = {"huyen.example", "mail.huyen.example", "203.0.113.5", "www.huyen.example/a"}
    assert reported == wanted | {"commune.example", "203.0.113.0/24"}
    blocking = [
        line for line in _readable(made) if "rpz-passthru" not in line or mode is Mode.WATCH
    ]
    if form == "rpz":
        # It stands there only to be let pass.
        blocking = [line for line in blocking if "rpz-passthru" not in line]
    text = "\n".join(blocking)
    for key in ("huyen.example", "203.0.113.5", "203.0.113.0/24", "commune.example"):
        assert key not in text


@pytest.mark.parametrize("one", DEVICES, ids=lambda one: one.name)
def test_what_is_over_withdrawn_or_yet_to_come_is_left_out(one: Output) -> None:
    good = mixed()
    values = {
        BlockReason.WITHDRAWN: Claim(status=IndicatorStatus.WITHDRAWN),
        BlockReason.EXPIRED: Claim(valid_until_us=AT_US - 1),
        BlockReason.NOT_YET: Claim(valid_from_us=AT_US + DAY_US),
    }
    for why, claim in values.items():
        made = make(one.name, (*good, *indicators("over.example", "192.0.2.9", claim=claim)))
        lost = {left.indicator.key for left in made.chosen.left_out if left.why is why}
        assert lost == {"over.example", "192.0.2.9"}
        assert "over.example" not in _all(made)


@pytest.mark.parametrize("one", DEVICES, ids=lambda one: one.name)
def test_what_stands_on_an_allow_list_or_is_the_states_waits_for_a_person(one: Output) -> None:
    listed = tuple(
        structs.replace(found, allow_classes=("cdn",))
        for found in indicators("cdn.example", "192.0.2.8")
    )
    whole = (*mixed(), *listed, *indicators("cong.gov.vn"))
    left = make(one.name, whole)
    reasons = {found.indicator.key: found.why for found in left.chosen.left_out}
    assert reasons["cdn.example"] is reasons["192.0.2.8"] is BlockReason.ALLOW_LISTED
    assert reasons["cong.gov.vn"] is BlockReason.STATE_NAME
    took = make(one.name, whole, take=frozenset(("cdn.example", "192.0.2.8", "cong.gov.vn")))
    assert not {BlockReason.ALLOW_LISTED, BlockReason.STATE_NAME} & {
        found.why for found in took.chosen.left_out
    }


@pytest.mark.parametrize("one", DEVICES, ids=lambda one: one.name)
def test_private_ranges_and_known_resolvers_are_on_every_belt(one: Output) -> None:
    made = make(one.name, (*mixed(), *indicators("8.8.8.8", "2606:4700:4700::1111", "1.1.1.0/24")))
    reported = {
        left.indicator.key for left in made.chosen.left_out if left.why is BlockReason.NEVER_BLOCK
    }
    assert reported == {"8.8.8.8", "2606:4700:4700::1111", "1.1.1.0/24"}


@pytest.mark.parametrize(("form", "mode"), modes())
def test_release_name_expiry_and_test_name_stand_in_comments(form: str, mode: Mode) -> None:
    one = output(form)
    made = make(form, mixed(), mode, title="Chiến dịch *quét sạch*; số 2290")
    first = (
        next(text for text in made.files.values() if one.comment and one.comment in text)
        if (one.comment and form != "zeek")
        else ""
    )
    if first:
        comments = [line for line in first.splitlines() if line.startswith(one.comment)]
        assert made.about.list_id in "\n".join(comments)
        assert "Chien dich quet sach so 2290" in "\n".join(comments)
        assert "expires 2026-10-12" in "\n".join(comments)
    if not one.exchange:
        planted = (made.about.test_name, made.about.test_address)
        wanted = [
            value
            for value, kind in zip(
                planted, (IndicatorKind.NAME, IndicatorKind.ADDRESS), strict=True
            )
            if kind in one.covers
        ]
        readable = _readable(made)
        assert all(any(value in line for line in readable) for value in wanted)


@pytest.mark.parametrize(("form", "mode"), modes())
def test_words_of_strangers_only_change_harmless_letters(form: str, mode: Mode) -> None:
    """The text with hostile labels differs from that with a plain one in those labels alone."""
    one = output(form)
    plain = make(form, mixed(), mode)
    for words in HOSTILE:
        origin = Origin(words, "0" * 64, 1, words, place=words, letter=words)
        claim = Claim(family=words, label=words)
        evil = tuple(
            structs.replace(found, claim=claim, origins=(origin,), shown=found.shown)
            for found in mixed()
        )
        made = make(form, evil, mode, title=words)
        if one.exchange:
            _still_parses(form, made)
            continue
        assert list(made.files) == list(plain.files)
        for name, text in made.files.items():
            assert text.isascii()
            assert len(text.splitlines()) == len(plain.files[name].splitlines())
            for line, calm in zip(text.splitlines(), plain.files[name].splitlines(), strict=True):
                assert _without_words(line) == _without_words(calm)


def _without_words(line: str) -> str:
    """Return a line with its identifier and everything that a comment may hold taken out."""
    bare = re.sub(r"qs-[0-9a-f]{12}[A-Za-z0-9 ,_-]*", "ID", line)
    bare = re.sub(r"(block-test|loaded)-[0-9a-f]{8}", "TEST", bare)
    bare = re.sub(r"192\.0\.2\.\d+|\d+\.2\.0\.192|\b[0-9a-f]{8} ?\"", "T", bare)
    return re.sub(r"^[A-Za-z0-9+/]{40,}=*$", "CODED", bare)


def _still_parses(form: str, made: ConvertedRelease) -> None:
    (text,) = made.files.values()
    if form in ("stix", "misp"):
        json.loads(text)
    elif form == "openioc":
        root = ElementTree.fromstring(text)
        assert sum(len([*root.iter(f"{{{_IOC}}}{tag}")]) for tag in ("OpenIOC", "criteria")) == 2
        ids = {each.get("id") for each in root.iter() if each.get("id")}
        assert {each.get("ref-id") for each in root.iter(f"{{{_IOC}}}param")} <= ids
    elif form == "csv":
        rows = list(csv.reader(io.StringIO(text)))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) == len(made.chosen.entries) + 1
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    else:
        assert len(text.splitlines()) == len(made.chosen.entries)


_ANY_TAIL = st.text(
    st.one_of(
        st.sampled_from(" \t\r\n\"'`$(){}[];|&<>#*\\,!%?=/:@^~"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


@given(_ANY_TAIL)
def test_no_page_can_leave_its_line_or_its_quotes(tail: str) -> None:
    """A page is refused or written; the number of lines, rules and quotes stays the same."""
    key = f"hacked.example/b{tail}"
    url = Indicator(key, key, IndicatorKind.URL, MatchRule.URL_PREFIX)
    # Not of 192.0.2.0/24, from which the planted address comes: the two could be one.
    good = indicators("http://hacked.example/a", "bad.example", "203.0.113.7")
    for one in OUTPUTS:
        if IndicatorKind.URL not in one.covers:
            continue
        calm = make(one.name, (*good[:2], *indicators("http://hacked.example/b"), good[-1]))
        made = make(one.name, (*good[:2], url, good[-1]))
        lost = {left.indicator.key: left.why for left in made.chosen.left_out}
        assert set(lost) <= {key}
        if lost:
            assert lost[key] is BlockReason.MALFORMED
            continue
        if one.exchange:
            _still_parses(one.name, made)
            continue
        for name, text in made.files.items():
            assert text.isascii()
            assert len(text.split("\n")) == len(calm.files[name].split("\n"))
            assert not re.search(r"[\r\0\x1b]", text)
        _hold_quotes(one.name, made)


def _hold_quotes(form: str, made: ConvertedRelease) -> None:
    for text in made.files.values():
        for line in text.splitlines():
            if form == "suricata-rules" and line.startswith("alert"):
                assert SURICATA_RULE.fullmatch(line), line
            elif form == "squid" and "url_regex" in line:
                assert len(line.split()) == 4, line
                assert re.compile(line.split()[3].replace("[a-z]", "[a-z]"))
            elif form == "zeek" and not line.startswith("#"):
                assert line.count("\t") == 5, line


@pytest.mark.parametrize("form", ["fortigate", "paloalto", "checkpoint", "mikrotik"])
def test_a_long_list_is_split_where_the_device_ends(form: str) -> None:
    many = indicators(*(f"198.51.100.{host}" for host in range(1, 101)))
    made = make(form, many, limit=40)
    texts = [text for name, text in made.files.items() if "domains" not in name]
    assert len(texts) == 3
    assert all(len(text.splitlines()) < 55 for text in texts)
    keys = [key for text in texts for key in re.findall(r"198\.51\.100\.\d+", text)]
    assert sorted(keys) == sorted(one.key for one in many)
    assert made.chosen.left_out == []


def test_a_form_that_is_not_split_leaves_the_rest_out_by_name() -> None:
    many = indicators(*(f"n{number}.example" for number in range(20)))
    made = make("rpz", many, limit=12)
    assert len(made.chosen.entries) == 10
    assert {one.why for one in made.chosen.left_out} == {BlockReason.LIMIT}
    assert len(made.chosen.left_out) == 10


def test_what_is_not_canonical_is_never_written() -> None:
    damaged = (
        Indicator("bad.example\nevil", "x", IndicatorKind.NAME, MatchRule.BELOW),
        Indicator("Bad.example", "x", IndicatorKind.NAME, MatchRule.BELOW),
        Indicator("bad.example;", "x", IndicatorKind.NAME, MatchRule.EXACT),
        Indicator("203.0.113.7 timeout", "x", IndicatorKind.ADDRESS, MatchRule.EXACT),
        Indicator("203.0.113.7:80;", "x", IndicatorKind.ADDRESS, MatchRule.IP_PORT, 80),
        Indicator("203.0.113.7/24", "x", IndicatorKind.NETWORK, MatchRule.CIDR),
        Indicator("$(id)", "x", IndicatorKind.HASH, MatchRule.HASH),
        Indicator("32.7.113.0.203.rpz-ip", "x", IndicatorKind.NAME, MatchRule.BELOW),
        Indicator("32.7.113.0.203.rpz-client-ip", "x", IndicatorKind.NAME, MatchRule.EXACT),
        Indicator("bad.example/\n", "x", IndicatorKind.URL, MatchRule.URL_PREFIX),
        Indicator("", "x", IndicatorKind.NAME, MatchRule.BELOW),
    )
    for one in OUTPUTS:
        made = make(one.name, (*mixed(), *damaged))
        lost = [
            left.indicator for left in made.chosen.left_out if left.why is BlockReason.MALFORMED
        ]
        assert len(lost) == len(damaged)


def test_forms_of_single_names_say_that_they_cover_only_these() -> None:
    for form in ("hosts", "zeek"):
        made = make(form, mixed())
        noted = {
            one.indicator.key for one in made.chosen.noted if one.why is BlockReason.ONLY_ITSELF
        }
        assert "below.bad.example" in noted
        assert EXACT not in noted
        assert "www.below.bad.example" in _all(made)
        assert f"www.{EXACT}" not in _all(made)


def test_a_form_refuses_a_mode_it_has_not_and_says_what_to_use() -> None:
    for one in OUTPUTS:
        for mode in set(Mode) - set(one.modes):
            with pytest.raises(QuetsachError) as caught:
                make(one.name, mixed(), mode)
            assert caught.value.problem.code == "E241"
            assert one.instead
            assert set(one.instead) <= set(NAMES)
            assert all(mode in output(other).modes for other in one.instead)


def test_every_form_that_changes_a_device_can_be_undone_and_proved() -> None:
    for one in DEVICES:
        made = make(one.name, mixed())
        assert made.undo, one.name
        assert one.undo_by, one.name
        undone = "\n".join(made.undo.values())
        if one.name == "zeek":
            # It takes back by saying so of each row.
            assert all(line.endswith("\tT") for line in undone.splitlines()[1:])
            continue
        assert "203.0.113.77" not in undone
        # Unbound is given the names to take out of a running server.
        assert "below.bad.example" not in undone or one.name == "unbound"


def test_policies_are_refused_where_the_form_cannot_say_them() -> None:
    for one in DEVICES:
        wanted = set(one.policies) | {Policy.NXDOMAIN}
        for policy in Policy:
            sensor = ("10.9.8.7",) if policy is Policy.REDIRECT else ()
            mode = Mode.BLOCK if Mode.BLOCK in one.modes else Mode.WATCH
            if policy in wanted:
                make(one.name, mixed(), mode, policy=policy, sensor=sensor)
            else:
                with pytest.raises(QuetsachError):
                    make(one.name, mixed(), mode, policy=policy, sensor=sensor)
