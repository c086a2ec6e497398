"""What an exam asks is drawn from its seed alone, and nothing of it can be guessed or chosen."""

import re
from dataclasses import replace

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.exams.drawing import ExamOptions, draw_exam, new_seed
from quetsach.inventory.model import InventoryMachine, NetworkRole

MACHINES = [
    *(InventoryMachine(f"PC-{number:02d}", name=f"PC-{number:02d}") for number in range(20)),
    InventoryMachine("DNS-1", name="DNS-1", duty=NetworkRole.RESOLVER),
]
WISHES = ExamOptions("exam.example", 1_800_000_000, 1_800_360_000, each=5)
SEED = "ab" * 32


def test_the_same_seed_draws_the_same_exam_and_another_seed_another_one() -> None:
    assert draw_exam(MACHINES, WISHES, SEED) == draw_exam(MACHINES, WISHES, SEED)
    marks = {
        seed: {one.mark for one in draw_exam(MACHINES, WISHES, seed).occasions}
        for seed in (SEED, new_seed(), new_seed())
    }
    assert not set.intersection(*marks.values())
    assert new_seed() != new_seed()


def test_every_machine_gets_its_connections_each_with_a_mark_and_a_port_of_its_own() -> None:
    truth = draw_exam(MACHINES, WISHES, SEED)
    assert len(truth.occasions) == 100
    assert all(truth.from_s <= one.when_s < truth.until_s for one in truth.occasions)
    assert all(re.fullmatch(r"[a-z][a-z2-7]{11}", one.mark) for one in truth.occasions)
    assert len({one.mark for one in truth.occasions}) == 100
    assert len({one.port for one in truth.occasions}) == 100
    assert {truth.machines[one.machine].key for one in truth.occasions} == {
        machine.key for machine in MACHINES if machine.duty is NetworkRole.ORDINARY
    }


def test_the_order_of_the_marks_tells_neither_machine_nor_time() -> None:
    truth = draw_exam(MACHINES, WISHES, SEED)
    marks = [one.mark for one in truth.occasions]
    assert marks == sorted(marks)
    assert [one.machine for one in truth.occasions] != sorted(
        one.machine for one in truth.occasions
    )


def test_a_sample_is_drawn_and_a_greater_one_keeps_it() -> None:
    def drawn(sample: int) -> set[int]:
        truth = draw_exam(MACHINES, replace(WISHES, sample=sample), SEED)
        return {one.machine for one in truth.occasions}

    assert len(drawn(5)) == 5
    assert drawn(5) < drawn(9)


@pytest.mark.parametrize(
    "changed",
    [
        {"domain": "com.vn"},
        {"domain": "vn"},
        {"domain": "github.io"},
        {"domain": "exam example"},
        {"domain": "a.example/../x"},
        {"domain": f"{'a.' * 120}example"},
        {"until_s": 1_800_000_000},
        {"until_s": 1_800_000_100},
        {"each": 1_000_000},
    ],
)
def test_what_cannot_be_an_exam_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(QuetsachError) as refused:
        draw_exam(MACHINES, replace(WISHES, **changed), SEED)  # type: ignore[arg-type]
    assert refused.value.problem.code == "E320"


def test_a_table_without_a_machine_makes_no_exam() -> None:
    with pytest.raises(QuetsachError, match="E320"):
        draw_exam(MACHINES[-1:], WISHES, SEED)
