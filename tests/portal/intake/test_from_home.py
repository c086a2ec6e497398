"""Findings made at home are checked before they are taken, and never shown as a page."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.urls import reverse

import quetsach
from quetsach_portal.cases.models.case import Case
from quetsach_portal.intake.actions import retry_sweep
from quetsach_portal.intake.models import (
    CoverageDay,
    SubmissionState,
    Trust,
)
from quetsach_portal.intake.own_tables import end_key, set_rules
from quetsach_portal.looks.models import MachineLook
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import (
    as_released,
    fresh,
    key_pair,
    looked_through,
    made_at_home,
    register,
    taken,
    zipped,
)
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_findings_from_home_open_cases_and_cover_days(world: World, tmp_path: Path) -> None:
    row = taken(world, zipped(made_at_home(tmp_path, release=as_released(world))))
    assert (row.state, row.told, row.devices, row.days) == (SubmissionState.DONE, {}, 1, 2)
    assert (row.trust, row.is_campaigns_list) == (Trust.UNSIGNED, True)
    assert Case.objects.get().device.key == "10.0.0.5"
    assert CoverageDay.objects.count() == 2


def test_findings_from_home_are_no_look_and_their_page_says_why(
    world: World, tmp_path: Path
) -> None:
    row = taken(world, zipped(made_at_home(tmp_path, release=as_released(world))))
    assert not MachineLook.objects.exists()
    client = signed_in(world.user("TC01", Role.FOCAL_POINT))
    page = client.get(reverse("intake:submission", args=[row.pk])).content.decode()
    assert "không được tính là đã kiểm tra máy" in page


def test_a_signature_of_the_units_key_vouches(world: World, tmp_path: Path) -> None:
    pair = key_pair(tmp_path)
    register(world, pair)
    home = made_at_home(tmp_path / "h", release=as_released(world), key=pair.private)
    row = taken(world, zipped(home))
    assert (row.state, row.trust) == (SubmissionState.DONE, Trust.SIGNED)
    assert row.summary["signed_by"] == f"Xã Một {pair.key_id}"


def test_another_units_key_or_an_ended_one_vouches_for_nothing(
    world: World, tmp_path: Path
) -> None:
    pair = key_pair(tmp_path)
    register(world, pair, "TC02")
    end_key(register(world, pair), actor=world.user("TC01", Role.FOCAL_POINT))
    home = made_at_home(tmp_path / "h", release=as_released(world), key=pair.private)
    assert taken(world, zipped(home)).trust == Trust.UNKNOWN_KEY


def test_where_only_signed_ones_are_taken_an_unsigned_one_is_refused(
    world: World, tmp_path: Path
) -> None:
    release = as_released(world)
    assert world.campaign is not None
    owner = world.user("TC", Role.LEAD_OWNER)
    set_rules(
        world.campaign, unsigned_allowed=False, unsigned_proves=False, keep_raw_days=30, actor=owner
    )
    row = taken(world, zipped(made_at_home(tmp_path / "a", release=release)))
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "H106")
    pair = key_pair(tmp_path)
    signed = zipped(made_at_home(tmp_path / "b", release=release, key=pair.private))
    row = taken(world, signed)
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "H107")
    assert not Case.objects.exists()

    register(world, pair)
    retry_sweep(row, actor=world.user("TC01", Role.FOCAL_POINT))
    run_ready()
    assert (fresh(row).state, fresh(row).trust) == (SubmissionState.DONE, Trust.SIGNED)


def test_a_device_slipped_into_the_pages_is_found_out(world: World, tmp_path: Path) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    devices = json.loads((home / "devices.json").read_text())
    devices["devices"].append({**devices["devices"][0], "device": "10.0.0.99"})
    rewrite(home, "devices.json", json.dumps(devices).encode(), with_digest=False)
    row = taken(world, zipped(home))
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "E305")
    rewrite(home, "devices.json", json.dumps(devices).encode(), with_digest=True)
    row = taken(world, zipped(home))
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "E305")
    assert not Case.objects.exists()


def test_a_signed_folder_that_was_changed_afterwards_is_refused(
    world: World, tmp_path: Path
) -> None:
    pair = key_pair(tmp_path)
    register(world, pair)
    home = made_at_home(tmp_path / "h", release=as_released(world), key=pair.private)
    rejects = json.loads((home / "rejects.json").read_text())
    rejects["by_reason"], rejects["total"] = {"x": 1}, 1
    rewrite(home, "rejects.json", json.dumps(rejects).encode(), with_digest=True)
    row = taken(world, zipped(home))
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "H105")


def test_findings_that_only_their_sweeper_may_see_are_refused(world: World, tmp_path: Path) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    devices = json.loads((home / "devices.json").read_text())
    devices["devices"][0]["findings"][0]["tlp"] = "red"
    rewrite(home, "devices.json", json.dumps(devices).encode(), with_digest=True)
    row = taken(world, zipped(home))
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "H112")
    assert not Case.objects.exists()


def test_findings_of_a_newer_version_are_refused_with_both_versions(
    world: World, tmp_path: Path
) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    edit_manifest(home, lambda one: one.update(version="99.0.0"))
    row = taken(world, zipped(home))
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "H104")
    assert row.told["facts"] == {"version": "99.0.0", "ours": quetsach.__version__}


def test_what_nothing_vouches_for_is_left_out_and_said(world: World, tmp_path: Path) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    row = taken(world, zipped(home, **{"findings/notes.txt": b"call me"}))
    assert row.state == SubmissionState.DONE
    assert row.summary["left_out"] == ["notes.txt"]


def test_findings_handed_in_as_logs_are_told_apart(world: World, tmp_path: Path) -> None:
    packed = zipped(made_at_home(tmp_path, release=as_released(world)))
    row = looked_through(world, {"logs.zip": packed})
    assert (row.state, row.told["code"]) == (SubmissionState.FAILED, "H109")


@pytest.mark.parametrize("damage", ["cut", "other-columns", "doubled", "noise"])
def test_a_damaged_table_of_sightings_is_refused(world: World, tmp_path: Path, damage: str) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    path = home / "sightings.parquet"
    content, table = path.read_bytes(), pq.read_table(path)
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "noise":
        middle = len(content) // 3
        content = content[:middle] + b"\xff" * 200 + content[middle + 200 :]
    else:
        other = (
            table.drop_columns(["event.original"])
            if damage == "other-columns"
            else pa.concat_tables([table, table])
        )
        pq.write_table(other, path)
        content = path.read_bytes()
    rewrite(home, path.name, content, with_digest=True)
    row = taken(world, zipped(home))
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "E305")


def test_texts_of_strangers_are_one_plain_line(world: World, tmp_path: Path) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    coverage = json.loads((home / "coverage.json").read_text())
    coverage["sources"][0]["path"] = "a\x00\x1b[31m\u202egnp.\n" + "x" * 900
    rewrite(home, "coverage.json", json.dumps(coverage).encode(), with_digest=True)
    row = taken(world, zipped(home))
    assert row.state == SubmissionState.DONE
    shown = row.summary["sources"][0]["path"]
    assert shown.isprintable()
    assert len(shown) <= 600


def test_a_clock_of_another_century_covers_no_day(world: World, tmp_path: Path) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    coverage = json.loads((home / "coverage.json").read_text())
    hours = coverage["sources"][0]["hours"]
    hours["2999-01-01T00:00:00+07:00"] = 5
    rewrite(home, "coverage.json", json.dumps(coverage).encode(), with_digest=True)
    row = taken(world, zipped(home))
    assert (row.state, row.days) == (SubmissionState.DONE, 2)
    assert CoverageDay.objects.count() == 2


def test_a_year_that_only_the_date_of_the_file_told_is_guessed(
    world: World, tmp_path: Path
) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    coverage = json.loads((home / "coverage.json").read_text())
    guess = {"kind": "file-date", "path": "a.log", "years": [2026]}
    coverage["sources"][0] |= {"year_source": guess, "confirmed_by": None}
    rewrite(home, "coverage.json", json.dumps(coverage).encode(), with_digest=True)
    row = taken(world, zipped(home))
    assert row.summary["sources"][0]["year_guessed"]


def test_what_cases_could_not_read_is_refused_before(world: World, tmp_path: Path) -> None:
    home = made_at_home(tmp_path, release=as_released(world))
    coverage = json.loads((home / "coverage.json").read_text())
    coverage["sources"][0]["hours"]["nonsense"] = 3
    rewrite(home, "coverage.json", json.dumps(coverage).encode(), with_digest=True)
    row = taken(world, zipped(home))
    assert (row.state, row.told["code"]) == (SubmissionState.REFUSED, "E305")


def rewrite(home: Path, name: str, content: bytes, *, with_digest: bool) -> None:
    """Change a file of the folder, and its digest in the manifest too, as a cheat would."""
    (home / name).write_bytes(content)
    if with_digest:
        digest = hashlib.sha256(content).hexdigest()
        edit_manifest(home, lambda one: one["files"].update({name: digest}))


def edit_manifest(home: Path, change) -> None:
    path = home / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_bytes(text.encode() + b"\n")
