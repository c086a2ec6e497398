"""`quetsach indicators release`: a version that never changes, and that a sweep reads as a list."""

import json
from pathlib import Path

from tests.cli.running import names_in, quetsach_here
from tests.sweeping.evidence import HEADER, conn, write

AT = ("--created", "2026-09-01T08:00:00+07:00")


def test_the_same_lists_give_the_same_file_and_a_sweep_reads_it(
    tmp_path: Path, log: Path, listed: Path
) -> None:
    store = tmp_path / "store"
    runs = [quetsach_here("indicators", "release", listed, "--store", store, *AT) for _ in range(2)]
    assert [run.returncode for run in runs] == [0, 0]
    assert "Indicators: active 1" in runs[0].stdout.decode()
    name, versions = names_in(store)
    assert versions == "versions.jsonl"
    assert name in runs[0].stdout.decode()
    out = tmp_path / "out"
    run = quetsach_here("sweep", log, "-i", store / name, "-o", out, "--json")
    assert json.loads(run.stdout)["indicators_hit"] == ["203.0.113.77"]
    (device,) = json.loads((out / "devices.json").read_text())["devices"]
    assert (device["findings"][0]["list"], device["findings"][0]["row"]) == ("list.txt", 1)
    manifest = json.loads((out / "manifest.json").read_text())
    header = json.loads((store / name).read_text().splitlines()[0])
    assert manifest["indicator_set"]["digest"] == header["set_digest"]


def test_a_shrunken_update_is_refused_with_its_figures_and_the_way_on(tmp_path: Path) -> None:
    rows = [f"n{one}.example" for one in range(10)]
    listed = write(tmp_path / "list.txt", "\n".join(rows))
    store = tmp_path / "store"
    quetsach_here("indicators", "release", listed, "--store", store, *AT)
    before = names_in(store)
    write(listed, "\n".join(rows[:5]))
    run = quetsach_here("indicators", "release", listed, "--store", store, *AT)
    assert (run.returncode, run.stdout) == (2, b"")
    said = run.stderr.decode()
    assert "E222" in said
    assert "5 indicators" in said
    assert "--accept-shrunken" in said
    assert names_in(store) == before
    run = quetsach_here(
        "indicators", "release", listed, "--store", store, "--accept-shrunken", "closed",
        "--created", "2026-09-02T08:00:00+07:00", "--json",
    )  # fmt: skip
    answer = json.loads(run.stdout)
    assert answer["counts"] == {"active": 5, "withdrawn": 5}
    assert answer["changes"] == {"withdrawn": 5}
    last = json.loads((store / "versions.jsonl").read_text().splitlines()[-1])
    assert (last["accepted"], last["digest"]) == ("closed", answer["digest"])


def test_a_list_that_cannot_be_read_whole_ends_as_partial(tmp_path: Path, listed: Path) -> None:
    other = write(tmp_path / "none.txt", "com.vn\n")
    run = quetsach_here("indicators", "release", listed, other, "-o", tmp_path / "r.jsonl", *AT)
    assert run.returncode == 3
    assert "E203 none.txt" in run.stderr.decode()
    assert (tmp_path / "r.jsonl").exists()


def test_a_wrong_date_or_an_existing_file_writes_nothing(tmp_path: Path, listed: Path) -> None:
    out = write(tmp_path / "r.jsonl", "mine")
    run = quetsach_here("indicators", "release", listed, "-o", out, *AT)
    assert run.returncode == 2
    assert "E227" in run.stderr.decode()
    assert out.read_text() == "mine"
    run = quetsach_here(
        "indicators", "release", listed, "-o", tmp_path / "n", "--created", "hôm nay"
    )
    assert (run.returncode, (tmp_path / "n").exists()) == (2, False)


def test_a_column_map_holds_for_a_release_and_for_the_dry_run(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.csv", "Đối tượng;Giữ\nbad.example;Emotet\n203.0.113.9;Mirai\n")
    saved = tmp_path / "map.toml"
    quetsach_here("indicators", "columns", listed, "--save", saved, "--sender", "Cục A")
    out = tmp_path / "release.jsonl"
    run = quetsach_here("indicators", "release", listed, "-o", out, "--columns", saved)
    assert (run.returncode, run.stderr) == (0, b"")
    log = write(tmp_path / "e" / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.9"))
    given = ("indicators", "try", listed, "-e", log, "--columns", saved)
    assert quetsach_here(*given).returncode == 1
    wrong = quetsach_here(*given[:-1], tmp_path / "none.toml")
    assert (wrong.returncode, wrong.stderr[:4]) == (2, b"E218")
