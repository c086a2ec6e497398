"""From its brief a folder says the same as from its files, for whoever may rely on it."""

import json
from pathlib import Path

import pytest

from quetsach.api.findings import digest_of_findings, merge_known_findings
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import digests_of, read_folder, write_json
from quetsach.verdicts import brief
from quetsach.verdicts.brief import NAME, read_brief
from tests.verdicts.cases import day
from tests.verdicts.folders import Log, Seen, findings
from tests.verdicts.weeks import weeks


def several(tmp_path: Path) -> list[Path]:
    """Return weeks that overlap, one with a clock that is ahead and a device asked unseen."""
    folders = list(weeks(tmp_path))
    logs = [Log("dns.3.log", [day(2), day(3)]), Log("dns.9.log", [day(9)], alive=())]
    seen = [Seen(f"{day(2)} 10:15"), Seen(None, device="pc-7"), Seen(f"{day(9)} 08:00", log=1)]
    third = findings(tmp_path / "w3", logs, seen)
    change(
        third,
        clocks=[{"path": "dns.3.log", "offset_s": 86_400.0, "used": True}],
        blind_spots=[{"device": "pc-1", "path": "dns.3.log"}],
    )
    return [*folders, third, findings(tmp_path / "w4", logs[:1], seen[:1], with_alive=False)]


def change(folder: Path, **more: object) -> None:
    """Change what coverage.json says, and let the digests fit."""
    coverage = json.loads((folder / "coverage.json").read_bytes())
    write_json(folder / "coverage.json", {**coverage, **more})
    manifest = json.loads((folder / "manifest.json").read_bytes())
    write_json(folder / "manifest.json", {**manifest, "files": digests_of(folder)})


def test_what_is_added_up_from_briefs_is_the_same(tmp_path: Path) -> None:
    folders = several(tmp_path)
    plain = merge_known_findings(folders, folders[:1])
    assert merge_known_findings(folders, folders[:1], briefs=True) == plain
    for folder in folders:
        assert read_brief(folder) is not None
        (folder / "sightings.parquet").unlink()
    assert merge_known_findings(folders, folders[:1], briefs=True) == plain
    assert merge_known_findings(folders[::-1], folders[:1], briefs=True).counts == plain.counts


def test_nobody_relies_on_the_brief_of_a_stranger(tmp_path: Path) -> None:
    folder = several(tmp_path)[0]
    plain = merge_known_findings([folder])
    (folder / NAME).write_bytes(b"\x98\x01")
    assert merge_known_findings([folder]) == plain


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x98\x01\xa1a", b"\x90"])
def test_a_brief_that_is_damaged_or_of_another_version_is_written_anew(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = several(tmp_path)[0]
    plain = merge_known_findings([folder], briefs=True)
    (folder / NAME).write_bytes(content)
    assert merge_known_findings([folder], briefs=True) == plain
    assert read_brief(folder) is not None
    monkeypatch.setattr(brief, "VERSION", 99)
    assert read_brief(folder) is None


def test_where_no_brief_can_be_written_the_folder_is_read_as_it_is(tmp_path: Path) -> None:
    folder = several(tmp_path)[0]
    plain = merge_known_findings([folder])
    (folder / NAME).mkdir()
    assert merge_known_findings([folder], briefs=True) == plain


@pytest.mark.parametrize("limit", ["MOST_ROWS", "MOST_ALIVE"])
def test_a_large_folder_has_no_brief(
    tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = several(tmp_path)[2]
    monkeypatch.setattr(brief, limit, 0)
    plain = merge_known_findings([folder])
    assert merge_known_findings([folder], briefs=True) == plain
    assert not (folder / NAME).exists()


def test_numbers_that_only_json_can_hold_are_read_as_they_are(tmp_path: Path) -> None:
    folder = several(tmp_path)[3]
    (source,) = json.loads((folder / "coverage.json").read_bytes())["sources"]
    change(folder, sources=[{**source, "lines": 10**30}])
    plain = merge_known_findings([folder])
    assert merge_known_findings([folder], briefs=True) == plain


@pytest.mark.parametrize("sources", [[{"path": 5}], [5], {}, None])
def test_a_damaged_folder_is_named_from_its_brief_too(tmp_path: Path, sources: object) -> None:
    folder = several(tmp_path)[0]
    change(folder, sources=sources)
    for briefs in (False, True, True):
        with pytest.raises(QuetsachError, match="E305"):
            merge_known_findings([folder], briefs=briefs)


@pytest.mark.parametrize("briefs", [False, True])
def test_the_names_of_a_folder_that_takes_the_place_of_another_stand(
    tmp_path: Path, briefs: bool
) -> None:
    log = Log("dns.log", [day(2)])
    kept = Seen(f"{day(2)} 11:00", device="10.0.0.7", more={"quetsach.sighting.id": "b" * 16})
    number = {"quetsach.sighting.id": "a" * 16}
    by_address = Seen(f"{day(2)} 10:00", device="10.0.0.5", more=number)
    hour = findings(tmp_path / "hour", [log], [by_address, kept])
    named = Seen(f"{day(2)} 10:00", device="pc-5", more=number)
    whole = findings(tmp_path / "day", [log], [named])

    def devices() -> set[str]:
        return {one for one, _key in merge_known_findings([hour, whole], briefs=briefs).counts}

    # Nothing tells which is right, and one of the two stands, in any order.
    assert devices() == {"10.0.0.5", "10.0.0.7"}
    (whole / NAME).unlink(missing_ok=True)
    manifest = json.loads((whole / "manifest.json").read_bytes())
    digest = digest_of_findings(read_folder(hour))
    write_json(whole / "manifest.json", {**manifest, "watch": {"replaces": [digest, 5]}})
    # What the day does not tell stands as the hour has it.
    assert devices() == {"pc-5", "10.0.0.7"}
