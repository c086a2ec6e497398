"""A release: right numbers, names to prove it, and nothing written when something is wrong."""

import json
from dataclasses import replace

import pytest

from quetsach.blocklists import choose as converting
from quetsach.blocklists import convert as blocklists_convert
from quetsach.blocklists.choose import identity
from quetsach.blocklists.contract import Mode
from quetsach.blocklists.convert import ConvertedRelease
from quetsach.blocklists.folder import PreviousRelease
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators import model as indicators_model
from tests.blocklists.making import indicators, make, mixed


def _after(old: ConvertedRelease) -> PreviousRelease:
    held = {identity(one.indicator): one for one in old.written}
    return PreviousRelease(held, old.about.serial, old.about.list_id)


def test_the_same_set_at_the_same_moment_gives_the_same_bytes() -> None:
    assert make("rpz", mixed()).folder() == make("rpz", mixed()).folder()


def test_another_set_has_another_number_name_and_test_name() -> None:
    one, other = make("rpz", mixed()), make("rpz", mixed()[1:])
    assert one.about.list_id != other.about.list_id
    assert one.about.test_name != other.about.test_name


def test_what_came_and_went_is_told_and_counted() -> None:
    old = make("rpz", indicators("stays.example", "goes.example"))
    new = make("rpz", indicators("stays.example", "comes.example"), previous=_after(old))
    folder = new.folder()
    assert folder["changes.txt"] == "+ comes.example\n- goes.example\n"
    assert json.loads(folder["left-out.json"])["changed"] == {
        "since": old.about.list_id,
        "added": 1,
        "removed": 1,
        "kept": 1,
    }


def test_a_name_that_covers_more_than_before_came_and_went() -> None:
    old = make("rpz", indicators(exact=("a.example",)))
    new = make("rpz", indicators("a.example"), previous=_after(old))
    assert new.changed is not None
    assert (len(new.changed.added), len(new.changed.removed)) == (1, 1)


@pytest.mark.parametrize("form", ["nftables", "ipset", "mikrotik"])
def test_the_difference_alone_never_turns_watching_into_blocking(form: str) -> None:
    old = make(form, indicators("203.0.113.7"), Mode.WATCH)
    as_before = (form, "watch", "quetsach")
    previous = replace(_after(old), made_as=as_before)
    new = indicators("203.0.113.8")
    assert "203.0.113.8" in "".join(make(form, new, Mode.WATCH, previous=previous).delta.values())
    assert make(form, new, Mode.BLOCK, previous=previous).delta == {}
    assert make(form, new, Mode.WATCH, previous=previous, name="other").delta == {}


def test_a_serial_never_falls_even_when_the_clock_does() -> None:
    old = make("rpz", mixed())
    again = make("rpz", mixed(), previous=_after(old))
    assert again.about.serial >= old.about.serial + 2, "undoing took the one above"
    with pytest.raises(QuetsachError, match="--serial"):
        make("rpz", mixed(), previous=_after(old), serial=old.about.serial + 1)
    assert make("rpz", mixed(), serial=7).about.serial == 7


def test_a_belt_that_gets_past_the_choice_is_caught_in_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last check is its own: it finds what the choice let through."""
    listed = (("belt.txt", "huyen.example\n203.0.113.1\n"),)
    honest = converting.choose

    def blind(found, output, about, **more):  # type: ignore[no-untyped-def]
        class Nothing:
            @staticmethod
            def holds(_one: object) -> bool:
                return False

        open_about = type("Open", (), {**vars(about), "never_block": Nothing, "at_us": about.at_us})
        return honest(found, output, open_about, **more)

    monkeypatch.setattr(blocklists_convert, "choose", blind)
    for form in ("rpz", "unbound", "dnsmasq", "hosts", "adblock", "suricata-dataset"):
        mode = Mode.BLOCK
        with pytest.raises(QuetsachError) as caught:
            make(form, indicators("mail.huyen.example"), mode, never_block=listed)
        assert caught.value.problem.code == "E245"
    for form in ("nftables", "mikrotik", "windows-firewall", "paloalto", "squid", "ipset"):
        with pytest.raises(QuetsachError) as caught:
            make(form, indicators("203.0.113.0/30"), Mode.BLOCK, never_block=listed)
        assert caught.value.problem.code == "E245"


@pytest.mark.parametrize(
    "wish",
    [
        {"name": "Spring; drop"},
        {"name": "../x"},
        {"days": 0},
        {"number": 0},
        {"first_sid": 0},
        {"limit": 1},
        {"test_name": "no name"},
        {"test_address": "2001:db8::1"},
        {"sensor": ("10.0.0.1",)},
        {"serial": 0},
        {"serial": 2**32},
    ],
)
def test_a_value_that_no_device_could_read_is_refused(wish: dict[str, object]) -> None:
    with pytest.raises(QuetsachError) as caught:
        make("rpz", mixed(), **wish)
    assert caught.value.problem.code == "E243"


def test_an_unknown_form_is_refused_with_the_known_ones() -> None:
    with pytest.raises(QuetsachError, match="windows-firewall"):
        blocklists_convert.convert(
            indicators_model.IndicatorSet(mixed()),
            blocklists_convert.ConvertRequest("iptables", make("rpz", mixed()).about.at),
        )


def test_an_empty_release_is_not_written_and_says_why() -> None:
    with pytest.raises(QuetsachError, match="kind 1") as caught:
        make("rpz", indicators("44d88612fea8a8f36de82e1278abb02f"))
    assert caught.value.problem.code == "E246"


def test_a_test_name_of_ones_own_is_blocked_along() -> None:
    made = make("unbound", mixed(), Mode.BLOCK, test_name="canary.xa.example")
    (text,) = made.files.values()
    assert 'local-zone: "canary.xa.example." transparent' in text
    with pytest.raises(QuetsachError, match=r"canary\.xa\.example"):
        make(
            "unbound", mixed(), test_name="canary.xa.example", never_block=(("b", "xa.example\n"),)
        )


def test_the_side_file_names_each_one_that_is_left_out() -> None:
    made = make("hosts", mixed(), Mode.BLOCK)
    side = json.loads(made.folder()["left-out.json"])
    assert side["taken"] + len(side["left_out"]) == len(mixed())
    assert sum(side["left_out_by_reason"].values()) == len(side["left_out"])
    assert {one["key"] for one in side["left_out"]} == {
        one.indicator.key for one in made.chosen.left_out
    }
    assert set(side["files"]) == set(made.folder())
