"""What the calls give as `dict` has the keys and types that they promise, no more and no less."""

from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

import msgspec
import pytest

import quetsach
from quetsach.demo.district import build_district
from tests.api.test_who import TIME, lease
from tests.sweeping.evidence import write


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> quetsach.FindingsFolder:
    district = tmp_path_factory.mktemp("district")
    build_district(district, seed=2022)
    evidence = district / "evidence"
    return quetsach.sweep(
        [evidence / "phong-gddt", evidence / "vp-hdnd-ubnd", f"{evidence}/*.away"],
        district / "indicators",
        inventory=district / "machines.csv",
        plan=district / "units.csv",
    )


def faults(value: Any, promised: Any, at: str = "") -> list[str]:
    """Return where `value` has other keys than `promised` says."""
    if get_origin(promised) in (Union, UnionType):
        promised = next(
            (kind for kind in get_args(promised) if is_typeddict(kind) and value is not None), None
        )
    if promised is not None and is_typeddict(promised):
        hints = get_type_hints(promised)
        wrong = [f"{at}.{key}" for key in hints.keys() ^ value.keys()]
        both = hints.keys() & value.keys()
        return wrong + [
            fault for key in sorted(both) for fault in faults(value[key], hints[key], f"{at}.{key}")
        ]
    if get_origin(promised) is list:
        (of,) = get_args(promised)
        return [fault for each in value for fault in faults(each, of, at)]
    return []


def held(rows: Any, promised: Any) -> None:
    """Hold rows against their type: values, then keys."""
    assert rows
    msgspec.convert(rows, list[promised])
    assert faults(rows, list[promised]) == []


def test_a_machine_and_one_not_blamed_are_as_promised(findings: quetsach.FindingsFolder) -> None:
    held(findings.devices, quetsach.DeviceDict)
    assert any(device["place"] for device in findings.devices)
    assert any(device["machine"] for device in findings.devices)
    held(findings.not_blamed, quetsach.NotBlamedDict)


def test_what_is_unread_and_refused_is_as_promised(
    findings: quetsach.FindingsFolder, tmp_path: Path
) -> None:
    held(findings.unread, quetsach.UnreadDict)
    listed = write(tmp_path / "list.txt", "bad.example\n192.168.1.1\n")
    held(quetsach.read_list(listed).refused, quetsach.RefusedDict)


def test_an_answer_of_who_is_as_promised(tmp_path: Path) -> None:
    leases = write(tmp_path / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    questions = [("10.0.0.5", TIME), ("10.0.0.9", TIME), ("198.51.100.5:40112", TIME)]
    held(quetsach.who_each(questions, [leases, f"{tmp_path}/*.away"]), quetsach.WhoDict)


def test_a_missing_key_is_seen() -> None:
    assert faults({"list": "a", "row": 1, "reason": "x"}, quetsach.RefusedDict) == [".text"]
