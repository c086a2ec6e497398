"""What a marking forbids never leaves by any output: each one is tried with every level."""

import re
from pathlib import Path

import pytest

from quetsach.api import lists as api_lists
from quetsach.blocklists.contract import BlockReason, Mode
from quetsach.blocklists.outputs.registry import OUTPUTS
from quetsach.indicators.model import Claim, Indicator, IndicatorKind, IndicatorSet, MatchRule, Tlp
from quetsach.indicators.releases.open_list import open_list
from quetsach.indicators.restriction import Audience, allowed_for, is_allowed
from tests.blocklists.making import make, mixed
from tests.sweeping.evidence import write

LEVELS = tuple(Tlp)
WORDS = {level: f"is-{level.name.lower().replace('_', '-')}" for level in LEVELS}
OPEN_AUDIENCES = [one for one in Audience if one is not Audience.OWNER]


def _name(level: Tlp, **more: object) -> Indicator:
    key = f"{WORDS[level]}.example"
    claim = Claim(tlp=level, **more)  # type: ignore[arg-type]  # fields of a claim
    return Indicator(key, key, IndicatorKind.NAME, MatchRule.BELOW, claim=claim)


def _marked() -> tuple[Indicator, ...]:
    found: list[Indicator] = []
    for level in LEVELS:
        found.append(_name(level))
        number = LEVELS.index(level) + 1
        for key, kind, rule in (
            (f"203.0.113.{number}", IndicatorKind.ADDRESS, MatchRule.EXACT),
            (f"{WORDS[level]}.example/{level.name}", IndicatorKind.URL, MatchRule.URL_PREFIX),
            (f"{number:064x}", IndicatorKind.HASH, MatchRule.HASH),
        ):
            found.append(Indicator(key, key, kind, rule, claim=Claim(tlp=level)))
    # Its successor may not be named either.
    heir = _name(Tlp.CLEAR, replaced_by=f"{WORDS[Tlp.RED]}.example")
    return (*(one for one in found if one.key != heir.key), heir)


def _holds(text: str, level: Tlp) -> bool:
    number = LEVELS.index(level) + 1
    words = (rf"{WORDS[level]}\.", rf"\b203\.0\.113\.{number}\b", f"{number:064x}")
    return any(re.search(word, text) for word in words)


def test_each_level_goes_as_far_as_the_protocol_lets_it() -> None:
    told = {level: [one for one in Audience if is_allowed(level, one)] for level in LEVELS}
    owner, organisation, clients, community, public = Audience
    assert told == {
        Tlp.RED: [owner],
        Tlp.AMBER_STRICT: [owner, organisation],
        Tlp.AMBER: [owner, organisation, clients],
        Tlp.GREEN: [owner, organisation, clients, community],
        Tlp.CLEAR: [owner, organisation, clients, community, public],
    }
    assert [one for one in Audience if not is_allowed(None, one)] == [Audience.PUBLIC]


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda one: one.name)
def test_no_file_of_any_form_holds_what_its_readers_may_not_see(output: object) -> None:
    for audience in OPEN_AUDIENCES:
        made = make(
            output.name,  # type: ignore[attr-defined]  # an output
            [*_marked(), *mixed()],
            audience=audience,
            mode=output.modes[0],  # type: ignore[attr-defined]
        )
        text = "\n".join([*made.folder().values(), *made.folder()])
        for level in LEVELS:
            assert not (_holds(text, level) and not is_allowed(level, audience)), (audience, level)
        withheld = sum(one.why is BlockReason.RESTRICTED for one in made.chosen.left_out)
        assert withheld >= 4 * sum(not is_allowed(level, audience) for level in LEVELS) - 1
        assert made.facts([])["left_out_by_reason"].get("restricted", 0) == withheld


def test_without_a_word_devices_get_what_the_organisation_may_see_and_others_less() -> None:
    for form, audience in (("zeek", Audience.ORGANISATION), ("csv", Audience.CLIENTS)):
        made = make(form, _marked(), mode=Mode.WATCH)
        assert made.about.audience is audience


def test_a_release_and_the_open_list_hold_no_more_than_they_may(tmp_path: Path) -> None:
    rows = "".join(f"{WORDS[level]}.example,{level}\n" for level in LEVELS)
    listed = write(tmp_path / "list.csv", "domain,tlp\n" + rows)
    titles = api_lists.ReleaseTitles("2026-09-01T08:00:00+07:00", "t")
    out = tmp_path / "release.jsonl"
    published = api_lists.release_indicators([listed], titles, api_lists.ReleaseTarget(out=out))
    assert published.withheld == 1
    text = out.read_text(encoding="utf-8")
    assert [level for level in LEVELS if _holds(text, level)] == list(LEVELS[:-1])
    opened = open_list(IndicatorSet(_marked()), 1, made_us=1).content.decode()
    assert [level for level in LEVELS if _holds(opened, level)] == [Tlp.CLEAR]


def test_what_came_under_a_restriction_is_not_named_again_as_withdrawn(tmp_path: Path) -> None:
    titles = api_lists.ReleaseTitles("2026-09-01T08:00:00+07:00", "t")
    target = api_lists.ReleaseTarget(store=tmp_path / "store", accepted="restricted now")
    rows = "domain,tlp\na.example,green\nb.example,green\nc.example,{}\n"
    for marking in ("green", "red"):
        listed = write(tmp_path / "list.csv", rows.format(marking))
        path = api_lists.release_indicators([listed], titles, target).path
    assert "c.example" not in path.read_text(encoding="utf-8")


def test_a_set_without_restrictions_is_the_set_itself() -> None:
    every = IndicatorSet(tuple(mixed()))
    assert allowed_for(every, Audience.COMMUNITY).indicators is every
