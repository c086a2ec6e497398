"""The judge of the scoreboard: right, absent, wrong and harm, on pairs made up here."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from quetsach.clocks import MICROSECONDS
from tools.scoreboard.board import Board, as_table, read_board, read_table, total
from tools.scoreboard.definitional import Definitional, read_definitional
from tools.scoreboard.judge import judge, normal_fields
from tools.scoreboard.normal import normal
from tools.scoreboard.pairs import Expectation, Pair
from tools.scoreboard.readers import crowdsec, sekoia
from tools.scoreboard.reading import read_message, read_mixed

WHEN = datetime(2026, 9, 1, 1, 15, 22, tzinfo=UTC)
WHEN_US = round(WHEN.timestamp()) * MICROSECONDS
PACKET = (
    b"Sep  1 01:15:22 fw1 kernel: IN=eth1 OUT=eth0 SRC=10.20.3.41 DST=203.0.113.77 LEN=60 TOS=0x00 "
    b"PREC=0x00 TTL=63 ID=1 DF PROTO=TCP SPT=51544 DPT=443 WINDOW=64240 RES=0x00 SYN URGP=0"
)


def pair_of(message=PACKET, *, observers=(), file=Path(__file__), test="one", **fields):
    told = {key.replace("__", "."): value for key, value in fields.items()}
    told = normal_fields({key.replace("time", "@timestamp"): told[key] for key in told})
    expected = (Expectation(told, frozenset(observers)),)
    return Pair("made", "firewall", test, message, expected, file)


def outcomes(pair, *events):
    return {one.field: (one.outcome, one.harm) for one in judge(pair, events)}


def test_a_value_is_right_absent_or_wrong_and_what_nobody_expects_is_not_judged():
    pair = pair_of(source__ip="10.20.3.41", source__port=51544, destination__port="443")
    ours = {"source.ip": "10.20.3.41", "destination.port": 80, "source.bytes": 5}
    assert outcomes(pair, ours) == {
        "source.ip": ("right", None),
        "source.port": ("absent", None),
        "destination.port": ("wrong", None),
    }
    assert set(outcomes(pair).values()) == {("absent", None)}


@pytest.mark.parametrize(
    ("ours", "harm"),
    [
        ({"source.ip": "203.0.113.77"}, "direction"),
        ({"source.ip": "192.0.2.9"}, "client"),
        ({"source.ip": "10.20.3.41", "@timestamp": WHEN_US - 86_400 * MICROSECONDS}, "day"),
        ({"source.ip": "10.20.3.41", "@timestamp": WHEN_US - 3_600 * MICROSECONDS}, None),
        ({"source.ip": "10.20.3.41", "@timestamp": WHEN_US + MICROSECONDS}, None),
    ],
)
def test_another_client_direction_or_day_is_harm(ours, harm):
    pair = pair_of(source__ip="10.20.3.41", destination__ip="203.0.113.77", time=WHEN.isoformat())
    assert {one.harm for one in judge(pair, [ours])} - {None} == ({harm} - {None})


@pytest.mark.parametrize("client", ["192.0.2.1", "203.0.113.77"])
def test_the_writer_of_the_log_or_the_peer_as_client_is_harm_where_no_client_is_expected(client):
    pair = pair_of(observers=["192.0.2.1"], destination__ip="203.0.113.77")
    assert outcomes(pair, {"source.ip": client})["source.ip"] == ("wrong", "client")
    assert "source.ip" not in outcomes(pair, {"source.ip": "10.20.3.41"})


def test_values_are_compared_in_their_normal_form():
    assert normal("dns.question.name", "Bad.Example.") == "bad.example"
    assert normal("source.ip", "2001:DB8:0::1") == "2001:db8::1"
    assert normal("source.mac", "0017.a4b2.c3d4") == "00-17-A4-B2-C3-D4"
    assert normal("source.nat.ip", "0.0.0.0") is None
    assert normal("source.nat.port", 0) is None
    assert normal("url.domain", "-") is None
    assert normal("dns.answers", [{"data": "192.0.2.1"}, {"data": "A.example."}]) == {
        "192.0.2.1",
        "a.example",
    }
    assert normal("@timestamp", "2026-09-01T08:15:22.123456789+07:00") == WHEN.replace(
        microsecond=123456
    )
    assert [normal("event.verdict", word) for word in ("Drop", "ACCEPT", "seen")] == [
        "denied",
        "allowed",
        None,
    ]


def test_the_holder_of_a_lease_answers_for_the_source_that_others_name():
    pair = pair_of(source__ip="10.20.3.41", source__mac="00:17:a4:b2:c3:d4")
    lease = {
        "quetsach.lease.act": "given",
        "host.ip": "10.20.3.41",
        "host.mac": "00-17-A4-B2-C3-D4",
    }
    assert set(outcomes(pair, lease).values()) == {("right", None)}


def test_of_several_expected_events_each_meets_its_own_and_none_twice():
    expected = tuple(
        Expectation(normal_fields({"host.ip": f"10.0.0.{n}", "host.mac": f"00:17:a4:b2:c3:0{n}"}))
        for n in (1, 2, 3)
    )
    pair = Pair("made", "leases", "table", b"", expected, Path(__file__))
    events = [{"host.ip": f"10.0.0.{n}", "host.mac": f"00-17-A4-B2-C3-0{n}"} for n in (2, 1)]
    told = [one.outcome for one in judge(pair, events)]
    assert (told.count("right"), told.count("absent")) == (4, 2)


def test_a_message_is_read_as_a_sweep_reads_it_alone_and_among_others():
    alone = read_message(PACKET, 2019)
    assert (alone.form, alone.is_known, len(alone.events)) == ("netfilter", True, 1)
    (_, event), *_ = alone.events
    assert datetime.fromtimestamp(event["@timestamp"] / MICROSECONDS, UTC).year == 2019
    first, second = read_mixed([PACKET, PACKET + b"\n"], 2019)
    assert first.events == second.events == alone.events
    assert read_message(b"\x00\x01\x02\x03" * 8).events == ()


def test_the_board_counts_and_its_table_reads_back(tmp_path):
    file = tmp_path / "made.jsonl"
    file.write_text("made")
    good = pair_of(file=file, source__ip="10.20.3.41", time=WHEN.isoformat())
    swapped = pair_of(file=file, test="two", source__ip="203.0.113.77")
    board = read_board([good, swapped], Definitional())
    (harm,) = board.harms()
    assert (harm.pair.test, harm.harm) == ("two", "client")
    summed = total(board.figures())
    assert (summed.right, summed.wrong, summed.harm) == (2, 1, 1)
    table = as_table(board, date(2026, 9, 1))
    assert read_table(table) == board.figures()
    assert "10.20.3.41" not in table
    known = Definitional({harm.key: "another word"}, {harm.key: harm.digests})
    summed = total(Board(board.judged, known).figures())
    assert (summed.wrong, summed.definitional, summed.harm) == (0, 1, 0)
    changed = Definitional({harm.key: "another word"}, {harm.key: ("absent", harm.digests[1])})
    assert total(Board(board.judged, changed).figures()).wrong == 1


def test_a_table_of_differences_is_read_and_one_that_is_not_there_is_empty(tmp_path):
    file = tmp_path / "definitional.toml"
    assert read_definitional(file) == Definitional()
    file.write_text(
        '[[difference]]\nproduct = "made/firewall"\ntest = "two"\nfield = "source.ip"\n'
        'ours = "00000000"\ntheirs = "11111111"\nreason = "another word"\n'
    )
    key = ("made/firewall", "two", "source.ip")
    assert read_definitional(file).digests == {key: ("00000000", "11111111")}


def test_documents_of_an_intake_become_pairs(tmp_path):
    folder = tmp_path / "expected" / "sekoia"
    folder.mkdir(parents=True)
    (folder / "made.jsonl").write_text(
        '{"test": "a.json", "input": {"message": "x"}, "expected": {"client": {"ip": "10.0.0.1"},'
        ' "observer": {"ip": "192.0.2.1"}, "action": {"name": "Deny"}, "host": {"ip": "10.9.9.9"},'
        ' "destination": {"domain": "192.0.2.7", "ip": "192.0.2.7"}}}\n'
    )
    (pair,) = sekoia.read(tmp_path / "expected")
    assert (pair.name, pair.test, pair.message) == ("sekoia/made", "a", b"x")
    assert pair.expected[0].fields == {
        "source.ip": "10.0.0.1",
        "destination.ip": "192.0.2.7",
        "event.verdict": "denied",
    }
    assert pair.expected[0].observers == {"192.0.2.1", "10.9.9.9"}


def test_assertions_of_a_hub_become_pairs_with_the_whole_line(tmp_path):
    folder = tmp_path / "expected" / "crowdsec"
    folder.mkdir(parents=True)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "crowdsec-made.log").write_text('head made: said "a" twice\n')
    begin = 'results["s01-parse"]["made"][0].Evt'
    (folder / "made--parser.assert").write_text(
        f'{begin}.Parsed["message"] == "said \\"a\\" twice"\n'
        f'{begin}.Meta["source_ip"] == "10.0.0.1"\n{begin}.Whitelisted == false\n'
    )
    (pair,) = crowdsec.read(tmp_path / "expected")
    assert pair.message == b'head made: said "a" twice'
    assert pair.expected[0].fields == {"source.ip": "10.0.0.1"}
