"""`quetsach indicators release`: a version that never changes, and that a sweep reads as a list."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import HOSTILE
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


LAST = ("--reason", "dùng chung", "--until", "2099-12-31")


def test_a_decision_in_any_notation_is_written_with_what_it_is_about(tmp_path: Path) -> None:
    file = tmp_path / "d.jsonl"
    run = quetsach_here(
        "indicators", "decide", "hxxps://bit[.]ly/x", "8.8.8[.]8",
        *LAST, "--watch", "--by", "CSIRT", "--decisions", file,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, b"")
    assert "8.8.8.8: watch only, until 2099-12-31T23:59:59+07:00" in run.stdout.decode()
    first, second = [json.loads(line) for line in file.read_text().splitlines()]
    assert (first["key"], first["verdict"], first["by"]) == ("bit.ly/x", "watch", "CSIRT")
    assert "url-shortener" in first["classes"]
    assert "resolver" in second["classes"]
    assert second["until"] == "2099-12-31T23:59:59+07:00"


@pytest.mark.parametrize(
    "words",
    [
        ("bad.example", *LAST),
        ("bad.example", "--drop", "--reason", " ", "--until", "2099-01-01"),
        ("bad.example", "--drop", "--reason", "x", "--until", "2001-01-01"),
        ("bad.example", "--drop", "--reason", "x", "--until", "mai"),
        ("bad.example", "--drop", "--reason", "x"),
        ("bad.example", "--drop", "--until", "2099-01-01"),
        ("com.vn", "--drop", *LAST),
    ],
)
def test_a_decision_without_verdict_reason_end_or_key_is_not_written(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    run = quetsach_here("indicators", "decide", *words, "--decisions", tmp_path / "d.jsonl")
    assert run.returncode == 2
    assert run.stderr
    assert not (tmp_path / "d.jsonl").exists()


def test_a_sweep_leaves_out_what_was_dropped_and_says_so(tmp_path: Path, log: Path) -> None:
    listed = write(tmp_path / "list.txt", "203.0.113.77\n198.51.100.1\n")
    decisions = tmp_path / "d.jsonl"
    quetsach_here("indicators", "decide", "203.0.113.77", "--drop", *LAST, "--decisions", decisions)
    out = tmp_path / "out"
    run = quetsach_here("sweep", log, "-i", listed, "--decisions", decisions, "-o", out, "--json")
    summary = json.loads(run.stdout)
    assert summary["indicators_hit"] == ["198.51.100.1"]
    assert (summary["indicators"], summary["refused"]) == (1, 1)
    manifest = json.loads((out / "manifest.json").read_text())
    assert [(one["text"], one["reason"]) for one in manifest["refusals"]] == [
        ("203.0.113.77", "decided")
    ]


def test_two_lists_are_compared_with_rows_and_sources(tmp_path: Path) -> None:
    old = write(tmp_path / "old.txt", "a.example\nb.example\n")
    new = write(tmp_path / "new.txt", "b.example\nc.example\n")
    run = quetsach_here("indicators", "diff", old, new)
    assert (run.returncode, run.stderr) == (1, b"")
    shown = run.stdout.decode()
    assert "2 before, 2 after" in shown
    assert "added: 1\n  c.example (new.txt, row 2)" in shown
    assert "no longer there: 1\n  a.example (old.txt, row 1)" in shown
    assert "old.txt: 2 -> 0" in shown
    assert quetsach_here("indicators", "diff", old, old).returncode == 0


def test_versions_of_a_store_are_compared_by_their_digest(tmp_path: Path) -> None:
    listed, store = tmp_path / "l.txt", tmp_path / "store"
    digests = []
    for rows in ("a.example\nb.example\n", "a.example\nc.example\n"):
        write(listed, rows)
        run = quetsach_here(
            "indicators", "release", listed, "--store", store, "--accept-shrunken", "x", "--json"
        )
        digests.append(json.loads(run.stdout)["digest"])
    run = quetsach_here("indicators", "diff", f"{store}@{digests[0][:8]}", store, "--json")
    answer = json.loads(run.stdout)
    assert answer["counts"] == {"added": 1, "withdrawn": 1}
    assert [(one["change"], one["key"]) for one in answer["changes"]] == [
        ("added", "c.example"),
        ("withdrawn", "b.example"),
    ]
    assert answer["sources"] == {"l.txt": [2, 2]}


def test_a_long_diff_shows_its_first_rows_and_counts_the_rest(tmp_path: Path) -> None:
    old = write(tmp_path / "old.txt", "z.example\n")
    new = write(tmp_path / "new.txt", "".join(f"n{one:02}.example\n" for one in range(30)))
    shown = quetsach_here("indicators", "diff", old, new).stdout.decode()
    assert shown.count(".example (new.txt") == 10
    assert "20 more; --json prints all" in shown


def test_what_is_no_release_is_an_error_with_its_code(tmp_path: Path, listed: Path) -> None:
    run = quetsach_here("indicators", "diff", f"{tmp_path}@abc", listed)
    assert run.returncode == 2
    assert "E224" in run.stderr.decode()


def test_a_hostile_name_does_not_drive_the_terminal(tmp_path: Path, listed: Path) -> None:
    folder = tmp_path / "lists"
    write(folder / f"x{HOSTILE}.txt", "bad.example\n")
    shown = quetsach_here("indicators", "diff", listed, folder).stdout.decode()
    assert "bad.example" in shown
    assert all(sign.isprintable() or sign == "\n" for sign in shown)


def test_findings_that_rest_on_what_was_withdrawn_are_told(
    tmp_path: Path, findings: Path, listed: Path
) -> None:
    store = tmp_path / "store"
    quetsach_here("indicators", "release", listed, "--store", store)
    run = quetsach_here("indicators", "withdrawn", findings, "--release", store)
    assert run.returncode == 0
    assert "nothing rests on" in run.stdout.decode()
    write(listed, "bad.example\n")
    quetsach_here("indicators", "release", listed, "--store", store, "--accept-shrunken", "x")
    run = quetsach_here("indicators", "withdrawn", findings, "--release", store)
    assert (run.returncode, run.stderr) == (1, b"")
    shown = run.stdout.decode()
    assert "1 sightings rest on 1 withdrawn indicators." in shown
    assert "203.0.113.77: withdrawn, since 20" in shown
    assert "Reported for no other reason, to be reviewed: 1\n  10.0.0.5" in shown
    run = quetsach_here("indicators", "withdrawn", findings, "--release", store, "--json")
    (one,) = json.loads(run.stdout)["findings"]
    assert one["cleared"] == ["10.0.0.5"]
    assert len(one["indicators"][0]["sightings"]) == 1


def test_what_is_no_findings_folder_is_an_error(tmp_path: Path, listed: Path) -> None:
    quetsach_here("indicators", "release", listed, "--store", tmp_path / "store")
    run = quetsach_here("indicators", "withdrawn", tmp_path, "--release", tmp_path / "store")
    assert run.returncode == 2
    assert "E303" in run.stderr.decode()
