"""What passes between worker and sandbox survives as JSON, and nothing of another shape does."""

from datetime import date

import msgspec
import pytest

from quetsach_portal.intake.boundary import DaySeen, SweepOutcome, SweepTask, refusal


@pytest.mark.parametrize(
    "value",
    [
        SweepTask(release="/r.jsonl", release_sha256="ab", keys=("pem",), leases=("leases/a",)),
        SweepOutcome(lines=3, days=(DaySeen(("ab" * 32,), date(2022, 9, 12), "dns", 3, 1),)),
        refusal("H103", "evidence/a.zip", reason="link"),
    ],
    ids=["task", "outcome", "refusal"],
)
def test_a_value_comes_back_as_it_was(value: msgspec.Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value


@pytest.mark.parametrize(
    "raw",
    [b"{}", b'{"release": 1, "release_sha256": ""}', b'{"release": "", "release_sha256": null}'],
)
def test_a_task_without_its_list_is_none(raw: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=SweepTask)
