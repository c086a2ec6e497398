"""The fold: one finding per device and indicator, the same in whatever order sightings come."""

import random
from zoneinfo import ZoneInfo

import pytest

from quetsach.attribution.model import Certainty
from quetsach.attribution.overrides import Override
from quetsach.attribution.questions import MissingEvidence, SightingRole
from quetsach.findings import grouping, to_look_at
from quetsach.findings.aggregate import Aggregator
from quetsach.findings.device_fold import MOST_PROGRAMS, MOST_SAMPLES
from quetsach.findings.met_indicator import ClaimedOfIndicator, MentionedLine
from quetsach.findings.row_groups import SightingRow
from quetsach.scanning.grades import SightingGrade
from tests.findings.rows import SECOND_US, START_US, RowsInColumns, number_of, row

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


BECAUSE = {"10.0.0.53": "asked by many"}


def _folded(*rows: SightingRow) -> dict[str, list[dict[str, object]]]:
    """Return the fold of rows in one batch; it is that of one row after the other."""
    fold, slow = Aggregator(), Aggregator()
    if rows:
        fold.add_columns(RowsInColumns().batch(rows))
    slow.add(rows)
    told = fold.to_json(SAIGON, BECAUSE)
    assert told == slow.to_json(SAIGON, BECAUSE)
    assert (fold.indicators_hit(), fold.keys_met()) == (slow.indicators_hit(), slow.keys_met())
    return told


def _some(rng: random.Random) -> list[SightingRow]:
    return [
        row(
            f"{number:04x}",
            address=f"10.0.0.{rng.randrange(4)}",
            device=f"PC-{rng.randrange(3)}",
            key=rng.choice(["a.example", "b.example", "203.0.113.77"]),
            grade=rng.choice(list(SightingGrade)),
            sure=rng.choice(list(Certainty)),
            rivals=tuple(rng.sample(["PC-0", "PC-1", "PC-9"], rng.randrange(3))),
            role=rng.choice(
                [
                    SightingRole.CLIENT,
                    SightingRole.CLIENT,
                    SightingRole.RESOLVER,
                    SightingRole.TARGET,
                ]
            ),
            when_us=rng.choice([None, START_US + rng.randrange(10**12)]),
            port=rng.choice([None, 80, 443]),
            is_connection=rng.choice([True, False]),
        )
        for number in range(300)
    ]


def _odd(rng: random.Random, count: int) -> list[SightingRow]:
    """Return sightings of every kind, with what only few sightings have."""
    rows: list[SightingRow] = []
    lines = iter(sorted(rng.choices(range(3 * count), k=count)))
    for number in rng.sample(range(16**5), count):
        key = rng.choice(["a.example", "b.example", "203.0.113.77"])
        more: dict[str, object] = {
            "device": f"PC-{rng.randrange(5)}",
            "role": rng.choice([SightingRole.CLIENT, SightingRole.TARGET, SightingRole.OUTDATED]),
        }
        kind = rng.randrange(4)
        if kind == 0:
            lack = rng.choice([MissingEvidence.NO_ADDRESS, MissingEvidence.OUTSIDE])
            more = {"device": "", "role": SightingRole.NOBODY, "lack": lack}
        elif kind == 1:
            lack = rng.choice([MissingEvidence.UNKNOWN_FORM, MissingEvidence.ONLY_MENTIONED])
            text = MentionedLine(f"log-{rng.randrange(3)}", next(lines), "a line", "text")
            more = {"device": "", "role": SightingRole.NOBODY, "lack": lack, "place": text}
            if rows and rng.random() < 0.3:
                more["place"] = rows[-1].place
        elif kind == 2:
            decided = Override(f"PC-{rng.randrange(5)}", rng.choice("xy"), "")
            more |= {"override": decided, "evidence_device": f"PC-{rng.randrange(2)}"}
        rows.append(
            row(
                f"{number:x}",
                key=key,
                shown=f"{rng.choice(['', 'x.'])}{key}",
                list_row=rng.randrange(3),
                allow=rng.choice([(), (), ("resolver", "cdn")]),
                address=rng.choice(["", f"10.0.0.{rng.randrange(9)}"]),
                rivals=tuple(rng.sample(["PC-0", "PC-9"], rng.randrange(3))),
                sure=rng.choice(list(Certainty)),
                grade=rng.choice(list(SightingGrade)),
                when_us=rng.choice([None, START_US + rng.randrange(3) * SECOND_US, -5]),
                port=rng.choice([None, 0, 443]),
                window=rng.choice(["", "before", "after"]),
                confidence_then=rng.choice([None, 0, 60]),
                program=rng.choice(["", rf"C:\Users\{rng.randrange(9)}\{rng.randrange(80)}.exe"]),
                claimed=ClaimedOfIndicator(rng.choice([None, "red", "clear"]), 5, "f", "active"),
                **more,
            )
        )
    return rows


def test_a_fold_in_columns_is_that_of_one_row_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grouping, "LEAST_WAITING", 20)
    monkeypatch.setattr(to_look_at, "MOST_LINES", 12)
    rng = random.Random(7)
    for count in (1, 2, 40, 400):
        rows = _odd(rng, count)
        fold, slow, columns, first = Aggregator(), Aggregator(), RowsInColumns(), 0
        slow.add(rows)
        while first < count:
            last = first + rng.randint(1, 60)
            fold.add_columns(columns.batch(rows[first:last]))
            first = last
        assert fold.to_json(SAIGON, BECAUSE) == slow.to_json(SAIGON, BECAUSE)
        assert fold.indicators_hit() == slow.indicators_hit()


def test_the_order_of_sightings_does_not_matter() -> None:
    rng = random.Random(5)
    for _ in range(10):
        rows = _some(rng)
        told = _folded(*rows)
        rng.shuffle(rows)
        assert _folded(*rows) == told


def test_no_sighting_is_lost_between_devices_and_those_not_blamed() -> None:
    rows = _some(random.Random(6))
    told = _folded(*rows, row("ffff", device="", address="", role=SightingRole.NOBODY))
    counted = [one["sightings"] for part in ("devices", "not_blamed") for one in told[part]]
    assert sum(counted) + told["unattributed"]["sightings"] == 301  # type: ignore[call-overload,operator]  # a mapping
    for one in told["devices"]:
        assert one["sightings"] == sum(part["sightings"] for part in one["findings"])  # type: ignore[attr-defined]


def test_a_device_has_one_finding_for_each_indicator() -> None:
    (device,) = _folded(
        row("1", when_us=START_US + 5 * SECOND_US, port=80),
        row("2", when_us=START_US, grade=SightingGrade.MOVED),
        row("3", key="bad.example", grade=SightingGrade.ASKED, is_connection=False, port=None),
    )["devices"]
    first, second = device["findings"]  # type: ignore[misc]  # two of them
    assert (first["indicator"], first["sightings"], first["ports"]) == (
        "203.0.113.77",
        2,
        [80, 443],
    )
    assert first["best_grade"] == "moved"
    assert first["samples"] == [number_of("2"), number_of("1")]
    assert (second["indicator"], second["connections"], second["ports"]) == ("bad.example", 0, [])
    assert (device["first_seen"], device["last_seen"]) == (
        "2022-09-12T07:00:00+07:00",
        "2022-09-12T07:00:05+07:00",
    )
    assert device["hours"] == {"2022-09-12T07:00:00+07:00": 3}


def test_the_strongest_and_earliest_sightings_are_the_samples() -> None:
    rows = [row(f"{n:03}", when_us=START_US + n) for n in range(500)]
    rows[400] = row("400", grade=SightingGrade.MOVED, when_us=START_US + 400)
    random.Random(1).shuffle(rows)
    (device,) = _folded(*rows)["devices"]
    numbers = ["400", *(f"{n:03}" for n in range(MOST_SAMPLES - 1))]
    assert device["samples"] == [number_of(one) for one in numbers]
    assert device["sightings"] == 500


def test_the_strongest_device_comes_first() -> None:
    devices = _folded(
        row("1", device="weak", grade=SightingGrade.ASKED),
        row("2", device="weak", grade=SightingGrade.ASKED),
        row("3", device="often"),
        row("4", device="often"),
        row("5", device="once"),
        row("6", device="strong", grade=SightingGrade.MOVED),
    )["devices"]
    assert [one["device"] for one in devices] == ["strong", "often", "once", "weak"]


def test_a_device_that_met_only_allowed_indicators_is_left_to_a_person() -> None:
    told = _folded(row("1", allow=("resolver",)))
    assert told["devices"] == []
    assert [(one["role"], one["sightings"]) for one in told["not_blamed"]] == [("allowed", 1)]
    mixed = _folded(row("1", allow=("resolver",)), row("2", key="bad.example"))
    assert [one["device"] for one in mixed["devices"]] == ["10.0.0.5"]


def test_a_device_in_two_roles_is_blamed_only_for_what_it_did_itself() -> None:
    told = _folded(
        row("1", address="10.0.0.53", role=SightingRole.RESOLVER, key="a.example"),
        row("2", address="10.0.0.53", key="b.example"),
    )
    assert told["devices"][0]["indicators"] == ["b.example"]
    (aside,) = told["not_blamed"]
    assert (aside["role"], aside["because"], aside["indicators"]) == (
        "resolver",
        "asked by many",
        ["a.example"],
    )


def test_a_device_is_not_its_own_rival() -> None:
    (device,) = _folded(row("1", device="PC-1", rivals=("PC-2", "PC-1")))["devices"]
    assert device["rivals"] == ["PC-2"]


def test_sightings_without_a_time_are_counted() -> None:
    (device,) = _folded(row("1", when_us=None))["devices"]
    assert (device["sightings"], device["first_seen"], device["hours"]) == (1, None, {})


def test_so_many_programs_are_listed_and_no_more() -> None:
    rows = [row(f"{n:x}", program=rf"C:\Users\An\{n % 80}.exe") for n in range(200)]
    (device,) = _folded(*rows)["devices"]
    assert device["programs"] == sorted(rf"C:\Users\...\{n}.exe" for n in range(MOST_PROGRAMS))


def test_nothing_found_has_all_parts() -> None:
    told = _folded()
    assert (told["devices"], told["not_blamed"]) == ([], [])
    assert told["unattributed"]["sightings"] == 0  # type: ignore[call-overload]  # a mapping
