"""MISP: one sighting an indicator and day on each attribute that has it, and its deletion."""

import json
from pathlib import Path
from typing import Any

import pytest
from pymisp import PyMISP

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import parse_target
from quetsach.pushes.contract import PushFate, PushOutcome
from quetsach.pushes.misp import MispReceiver
from quetsach.pushes.requests import PushClient
from tests.exports.findings_made import machine_words
from tests.indicators.fetch.servers import serving
from tests.pushes.doubles import KEY, Faulty, MispDouble
from tests.pushes.pushed import Waited, push

VALUES = {
    "7": ("domain", "bad.example"),
    "8": ("ip-dst|port", "192.0.2.77|443"),
    "9": ("hostname", "other.example"),
    "10": ("url", "http://bad.example/a"),
    "11": ("ip-dst", "192.0.2.77"),
}


def seen_by(misp: MispDouble) -> set[tuple[str, str]]:
    return {(one["attribute_id"], one["date_sighting"]) for one in misp.sightings.values()}


def test_pymisp_speaks_with_the_double_as_with_a_misp() -> None:
    double = MispDouble(dict(VALUES))
    with serving(double) as server:
        client = PyMISP(server.address, KEY)
        (attribute,) = client.search("attributes", value="bad.example", pythonify=True)
        assert (attribute.id, attribute.value) == (7, "bad.example")
        sighting = {"source": "x", "timestamp": "1788225322", "type": "0"}
        added: Any = client.add_sighting(sighting, attribute, pythonify=True)
        assert (added.source, int(added.attribute_id)) == ("x", 7)
        (there,) = client.search_sightings("attribute", "7", source="x")
        assert there["Sighting"]["id"] == str(added.id)  # type: ignore[index]
        client.delete_sighting(added)
        assert double.sightings == {}


def test_each_indicator_and_day_is_one_sighting_on_each_attribute_that_has_it(
    tmp_path: Path,
) -> None:
    double = MispDouble(VALUES | {"12": ("hostname", "BAD.example")})
    with serving(double) as server:
        first = push(tmp_path, "misp", f"{server.address}/misp", audience="owner")
        totals = first.send()
        bodies = b" ".join(asked.body for asked in server.asked).decode()
    assert (totals.done, totals.unknown, totals.is_whole) == (2, 1, True)
    assert seen_by(double) == {("7", "1788225329"), ("12", "1788225329"), ("8", "1788225400")}
    assert not any(word in bodies for word in machine_words(tmp_path))


def test_a_second_run_sends_nothing_and_what_is_learned_later_is_sent(tmp_path: Path) -> None:
    double = MispDouble(dict(VALUES))
    with serving(double) as server:
        push(tmp_path, "misp", server.address, audience="owner").send()
        again = push(tmp_path, "misp", server.address, audience="owner").send()
        assert (again.done, again.before, again.unknown) == (0, 2, 1)
        assert len(double.sightings) == 2
        double.values["13"] = ("domain", "red.example")
        later = push(tmp_path, "misp", server.address, audience="owner").send()
        assert (later.done, later.before, later.unknown) == (1, 2, 0)


def test_the_community_is_told_what_its_marking_allows(tmp_path: Path) -> None:
    double = MispDouble(VALUES | {"13": ("domain", "red.example")})
    with serving(double) as server:
        sent = push(tmp_path, "misp", server.address)
        sent.send()
        assert {attribute for attribute, _when in seen_by(double)} == {"7"}
        assert sent.counts.withheld == 2
        assert not any(b"red.example" in asked.body for asked in server.asked)


def test_what_was_sent_is_taken_back_and_nothing_else(tmp_path: Path) -> None:
    double = MispDouble(dict(VALUES))
    double.sightings["3"] = {
        "id": "3",
        "attribute_id": "7",
        "date_sighting": "1788225329",
        "source": "somebody else",
        "type": "0",
    }
    with serving(double) as server:
        push(tmp_path, "misp", server.address, audience="owner").send()
        back = push(tmp_path, "misp", server.address).take_back()
        assert (back.done, list(double.sightings)) == (2, ["3"])
        # It was taken back: it is neither taken back again nor sent again unless asked for.
        assert push(tmp_path, "misp", server.address).take_back().done == 0
        again = push(tmp_path, "misp", server.address, audience="owner").send()
        assert (again.done, again.withdrawn) == (0, 2)
        push(tmp_path, "misp", server.address, audience="owner", again=True).send()
        assert len(double.sightings) == 3


def test_two_offices_take_back_their_own_sightings_alone(tmp_path: Path) -> None:
    double = MispDouble(dict(VALUES))
    offices = {name: {"source": name, "audience": "owner"} for name in ("So A", "So B")}
    with serving(double) as server:
        for name, wishes in offices.items():
            # Each has a ledger of its own, as on another machine.
            (tmp_path / "ledgers").rename(tmp_path / "away") if name == "So B" else None
            assert push(tmp_path, "misp", server.address, **wishes).send().done == 2
        assert len(double.sightings) == 4
        assert push(tmp_path, "misp", server.address, **offices["So B"]).take_back().done == 2
    assert {sighting["source"] for sighting in double.sightings.values()} == {"So A"}


def test_an_office_without_a_name_is_asked_for_it(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E601 --as"):
        push(tmp_path, "misp", "https://misp.example", source="")


def test_one_indicator_alone_is_taken_back(tmp_path: Path) -> None:
    double = MispDouble(dict(VALUES))
    with serving(double) as server:
        push(tmp_path, "misp", server.address, audience="owner").send()
        back = push(tmp_path, "misp", server.address, only=["BAD.example"]).take_back()
    assert back.done == 1
    assert {attribute for attribute, _when in seen_by(double)} == {"8"}


@pytest.mark.parametrize("in_words", [False, True])
def test_a_lost_answer_adds_no_second_sighting(tmp_path: Path, in_words: bool) -> None:
    double = MispDouble({"7": VALUES["7"]}, answers_in_words=in_words)
    # The answers to the search, to the look for earlier ones, and the lost one of the addition.
    with serving(Faulty(double, [None, None, "lost"])) as server:
        waited = Waited()
        sent = push(tmp_path, "misp", server.address, patience=waited.patience(tries=1)).send()
        assert (sent.done, sent.unsent) == (0, 1)
        assert sent.problem is not None
        assert sent.problem.code == "E216"
        assert len(double.sightings) == 1
        again = push(tmp_path, "misp", server.address).send()
        assert (again.done, len(double.sightings)) == (1, 1)
        assert push(tmp_path, "misp", server.address).take_back().done == 1
        assert double.sightings == {}


def test_a_key_that_is_refused_ends_the_push(tmp_path: Path) -> None:
    with serving(MispDouble(dict(VALUES))) as server:
        sent = push(tmp_path, "misp", server.address, key="other").send()
    assert sent.problem is not None
    assert (sent.problem.code, sent.done) == ("E215", 0)


def test_what_misp_refuses_is_told_and_tried_again(tmp_path: Path) -> None:
    double = MispDouble(dict(VALUES))
    real = double._add
    double._add = lambda number, query: (  # type: ignore[method-assign]
        double._refused("You do not have permission", 403) if number == "7" else real(number, query)
    )
    with serving(double) as server:
        sent = push(tmp_path, "misp", server.address, audience="owner").send()
        assert (sent.done, sent.refused, sent.is_whole) == (1, 1, False)
        assert "permission" in sent.why
        double._add = real  # type: ignore[method-assign]
        assert push(tmp_path, "misp", server.address, audience="owner").send().done == 1


def test_machines_are_never_sent_to_misp(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E601"):
        push(tmp_path, "misp", "https://misp.example", with_machines=True)


def test_an_answer_of_another_form_is_told(tmp_path: Path) -> None:
    for body in (b"[]", b"<html>", json.dumps({"response": [1]}).encode()[:-1]):
        from tests.indicators.fetch.servers import Said

        with serving(lambda _asked, body=body: Said(body)) as server:  # type: ignore[misc]
            sent = push(tmp_path, "misp", server.address).send()
        assert sent.problem is not None
        assert sent.problem.code == "E216"


@pytest.mark.parametrize("number", ["1/../../users/delete/5", "٣", "1?x=1", "-1", ""])
def test_a_number_that_is_none_never_becomes_part_of_an_address(number: str) -> None:
    asked_paths: list[str] = []
    receiver = MispReceiver(
        PushClient(parse_target("https://misp.example"), {}, Waited().patience()())
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PushClient, "post", lambda _self, path, *_more: asked_paths.append(path))
        sent = PushOutcome("x", PushFate.SENT, (number,))
        (((refused),),) = receiver.take_back([sent])
    assert (refused.fate, asked_paths) == (PushFate.REFUSED, [])
