"""Fingerprints for programs: where secrets may lie, an answer as JSON, what is removed."""

from datetime import date
from pathlib import Path

import pytest

from quetsach.api import fingerprints, sweeps
from quetsach.errors.exceptions import Problem, QuetsachError
from tests.sweeping.evidence import HEADER, conn, write


def _request(tmp_path: Path) -> sweeps.SweepRequest:
    lists = write(tmp_path / "list.txt", "203.0.113.77\n")
    log = write(tmp_path / "logs/a/conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.78"))
    return sweeps.sweep_request(
        evidence=[str(log.parents[1])], lists=[lists], out=tmp_path / "findings"
    )


@pytest.mark.parametrize("keys", [None, "prints", "prints/keys", "findings/keys"])
def test_secrets_lie_apart_from_what_they_open(tmp_path: Path, keys: str | None) -> None:
    where = None if keys is None else tmp_path / keys
    with pytest.raises(QuetsachError, match="E601"):
        fingerprints.with_fingerprints(_request(tmp_path), tmp_path / "prints", where)


def test_an_answer_as_json_and_what_is_removed(tmp_path: Path) -> None:
    prints, keys = tmp_path / "prints", tmp_path / "keys"
    request = fingerprints.with_fingerprints(_request(tmp_path), prints, keys)
    told = sweeps.sweep(request)["fingerprints"]
    assert (told["unit_days"], told["incomplete"]) == (1, 0)
    later = write(tmp_path / "later.txt", "203.0.113.78\n")
    answer = fingerprints.answer_json(fingerprints.would_hit([later], prints, keys))
    (hit,) = answer["hits"]
    assert (hit["unit"], hit["first"], hit["last"]) == ("a", "2022-09-12", "2022-09-12")
    assert [one["key"] for one in hit["indicators"]] == ["203.0.113.78"]
    assert (answer["unit_days_asked"], answer["forgotten"]) == (1, [])
    with pytest.raises(QuetsachError, match="E101"):
        fingerprints.would_hit([later], prints, tmp_path / "no-such-folder")
    with pytest.raises(QuetsachError, match="E601"):
        fingerprints.forget("September", keys)
    assert fingerprints.forget("2022-09", keys, "b") == []
    assert fingerprints.forget("2022-09", keys) == ["a~2022-09.key"]
    (gone,) = fingerprints.answer_json(fingerprints.would_hit([later], prints, keys))["forgotten"]
    assert gone["unit"] == "a"
    assert fingerprints.remove_before(prints, date(2022, 9, 12)) == []
    damaged = prints / "a" / "2022-09-01_2022-09-01.json"
    damaged.write_text("{")
    problems: list[Problem] = []
    assert fingerprints.remove_before(prints, date(2022, 9, 12), problems) == []
    assert [(problem.code, problem.where) for problem in problems] == [("E327", str(damaged))]
    damaged.unlink()
    assert len(fingerprints.remove_before(prints, date(2022, 9, 13))) == 1
    assert list(prints.glob("*/*")) == []
