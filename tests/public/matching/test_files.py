"""Files as people have them, and as an enemy makes them: read, or said not to be."""

import gzip
import io
import itertools
import json
import random
import shutil
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quetsach.containers.bounds import Member, UnpackBounds
from quetsach.containers.zip import members
from quetsach.containers.zip_directory import read_directory
from tests.public.matching.vectors import opened

SCRIPTS = Path("src/quetsach_public/pages/static/matching").resolve()
RUN = Path(__file__).with_name("run_files.js")
DNS = "    bad.example\r\n    ------------\r\n    Record Name . . . . . : www.bad.example\r\n"
FILL = "".join(f"10.0.0.{n % 250} asked for name{n}.example\n" for n in range(4_000))

Check = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no node")


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Hold contents by name against a list of bad.example and 203.0.113.7."""
    listed = tmp_path / "list.json"
    listed.write_bytes(opened("bad.example", "203.0.113.7"))

    def run(most: int = 0, **contents: bytes) -> dict[str, Any]:
        paths = []
        for number, (name, content) in enumerate(contents.items()):
            paths.append(tmp_path / f"{number}-{name}")
            paths[-1].write_bytes(content)
        done = subprocess.run(
            ["node", str(RUN), str(SCRIPTS), str(listed), *map(str, paths)],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={"MOST_BYTES": str(most or ""), "PATH": "/usr/bin:/bin:/usr/local/bin"},
        )
        return dict(json.loads(done.stdout))

    return run


def keys(result: dict[str, Any]) -> list[str]:
    return [one["key"] for one in result["found"]]


def reasons(result: dict[str, Any]) -> list[str]:
    return [one["reason"] for one in result["entries"]]


def zipped(*files: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def tarred(*files: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16le"),
        ("utf-16-le", "utf-16le"),
        ("utf-16-be", "utf-16be"),
        ("cp1258", "windows-1258"),
    ],
)
def test_each_encoding_of_windows_is_read(check: Check, encoding: str, told: str) -> None:
    start = "é ký ức\r\n" if encoding in ("utf-8", "cp1258") else ""
    text = start.replace("ý", "y").replace("ứ", "u") + DNS + FILL + "last 203.0.113.7"
    result = check(dns=text.encode(encoding))
    assert keys(result) == ["bad.example", "203.0.113.7"]
    assert result["entries"][0]["encoding"] == told
    assert result["lines"] == len(text.splitlines())
    number = 2 if start else 1
    assert [one["number"] for one in result["found"][0]["examples"]] == [number, number + 2]


def test_a_zip_of_the_collector_is_read_with_each_file_named(check: Check) -> None:
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        packed = zipped(
            ("manifest.json", b"{}"),
            ("dnscache.txt", DNS.encode("utf-16") + FILL.encode("utf-16-le")),
            ("hosts.txt", b"0.0.0.0 bad.example\n"),
            ("picture.png", b"\x89PNG\0\0"),
            how=how,
        )
        result = check(collected=packed)
        (found,) = result["found"]
        assert (found["lines"], found["blocked"]) == (3, 1)
        assert found["examples"][0]["file"] == "0-collected / dnscache.txt"
        assert reasons(result) == ["", "", "", "binary"]


def zip_members(content: bytes) -> list[Member]:
    file = io.BytesIO(content)
    bounds = UnpackBounds(entries=10, unpacked=1 << 20, ratio=200, small=1 << 20)
    return list(members(file, read_directory(file, bounds), bounds))


def test_a_zip64_is_read_as_the_engine_reads_it(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ("dns.txt", DNS.encode()), ("long/fill.txt", FILL.encode()), ("empty.txt", b"")
    made = {}
    for most, many, how in itertools.product((8, 1_000, 1 << 31), (0, 65_535), (0, 8)):
        # Sizes and places above `most`, and directories of more files, are written in 64 bits.
        monkeypatch.setattr(zipfile, "ZIP64_LIMIT", most)
        monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", many)
        made[f"x{most}-{many}-{how}"] = zipped(*files, how=how)
    assert sum(b"PK\x06\x06" in content for content in made.values()) == 10
    result = check(**made)
    assert [(one["name"], one["lines"], one["reason"]) for one in result["entries"]] == [
        (f"{number}-{name} / {one.name}", len(b"".join(one.content).splitlines()), "")
        for number, (name, content) in enumerate(made.items())
        for one in zip_members(content)
    ]
    assert result["found"][0]["lines"] == 2 * len(made)


def test_a_zip64_that_lies_is_said_to_be_damaged(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 0)
    good = zipped(("a.txt", FILL.encode()))
    end, entry = good.rindex(b"PK\x06\x06"), good.rindex(b"PK\x01\x02")
    wide = good.index(b"\x01\x00", entry + 46 + len("a.txt"))
    lies = {
        "size": (end + 40, b"\xff" * 8),
        "start": (end + 48, b"\xff" * 6 + b"\0\0"),
        "packed": (wide + 12, b"\xff" * 8),
        "short": (wide + 2, b"\x08\0"),
        "gone": (wide, b"\x09\0"),
        "count": (end + 32, b"\x02"),
    }
    damaged = {}
    for name, (place, lie) in lies.items():
        content = bytearray(good)
        content[place : place + len(lie)] = lie
        damaged[name] = bytes(content)
    assert reasons(check(**damaged)) == ["damaged"] * len(lies)


def test_gzip_and_tar_are_read(check: Check) -> None:
    tar = tarred(("x/a.bin", b"\0" * 700), ("x/dns.txt", DNS.encode() + FILL.encode()))
    for content in (gzip.compress(tar), tar):
        result = check(tar=content)
        assert (keys(result), reasons(result)) == (["bad.example"], ["binary", ""])
    result = check(log=gzip.compress((FILL + DNS).encode()))
    assert (keys(result), reasons(result), result["lines"]) == (["bad.example"], [""], 4_003)


def test_lines_are_counted_as_they_stand(check: Check) -> None:
    for text, lines in (("", 0), ("a", 1), ("a\n", 1), ("a\r\nb\rc\n\nd\r", 5), ("\n\n", 2)):
        assert check(x=text.encode())["lines"] == lines, text
    both = check(one=b"bad.example\n", two=b"203.0.113.7 bad.example")
    assert [one["lines"] for one in both["found"]] == [2, 1]


def test_a_line_of_megabytes_is_read_in_pieces_and_said_to_be(check: Check) -> None:
    filler = "x" * 1_048_570
    for encoding in ("utf-8", "utf-16"):
        text = filler + " bad.example " + "y." * 700_000 + "\n" + "é" * 1_200_000 + " 203.0.113.7"
        result = check(long=text.encode(encoding))
        assert [(one["key"], one["lines"]) for one in result["found"]] == [
            ("203.0.113.7", 1),
            ("bad.example", 1),
        ]
        assert (result["lines"], result["long"]) == (2, 2)


@pytest.mark.parametrize(
    "piece",
    ["1.", "a.", ":", "::1", "://", ".", "-", "1:", "http://a/", "@", "é.", "f" * 63 + ".", "\t"],
)
def test_no_line_takes_long(check: Check, piece: str) -> None:
    """One of 3 MB of the worst there is; the process is stopped after a minute."""
    line = piece * (3_000_000 // len(piece))
    assert check(hard=f"{line}\nbad.example\n".encode())["lines"] == 2


def test_a_bomb_is_bounded_and_told(check: Check) -> None:
    bomb = zipped(("a.txt", b"a\n" * 4_000_000), ("b.txt", b"bad.example"))
    result = check(most=1_000_000, bomb=bomb)
    assert reasons(result) == ["too-much", "too-much"]
    assert reasons(check(most=1_000_000, bomb=gzip.compress(b"a\n" * 4_000_000))) == ["too-much"]
    many = zipped(*((f"{n}.txt", b"") for n in range(2_001)))
    assert reasons(check(many=many)).count("too-much") == 1


def test_hostile_names_are_made_harmless(check: Check) -> None:
    name = "../../\u202etxt.exe\r\n<script>" + "n" * 9_000
    result = check(names=zipped((name, b"bad.example")))
    shown = result["entries"][0]["name"]
    assert len(shown) <= 161
    assert all(one.isprintable() for one in shown)


def test_what_cannot_be_read_is_said(check: Check) -> None:
    good = zipped(("a.txt", FILL.encode()))
    locked = bytearray(good)
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    strange = bytearray(good)
    strange[strange.rindex(b"PK\x01\x02") + 10] = 12
    wrong = bytearray(good)
    wrong[wrong.rindex(b"PK\x01\x02") + 16] ^= 1
    unread = (
        (bytes(locked), "encrypted"),
        (bytes(strange), "packed"),
        (bytes(wrong), "damaged"),
        (good[:-30], "damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (b"%PDF-1.7\n...", "binary"),
        (b"7z\xbc\xaf\x27\x1c", "packed"),
        (zipped(("inner.zip", good)), "nested"),
        (zipped(("inner.tgz", gzip.compress(b"a"))), "nested"),
        (zipped(("inner.7z", b"7z\xbc\xaf\x27\x1c")), "nested"),
        (zipped(("inner.tar", tarred(("a.txt", b"a")))), "nested"),
        (gzip.compress(good), "nested"),
        (tarred(("inner.zip", good)), "nested"),
        (b"\x1f\x8b\x08\0", "damaged"),
        (gzip.compress(FILL.encode())[:-9], "damaged"),
        (gzip.compress(FILL.encode()) * 2, "packed"),
        (bytes(range(256)) * 40, "binary"),
    )
    result = check(**{f"x{place}": content for place, (content, _) in enumerate(unread)})
    assert reasons(result) == [reason for _, reason in unread]


def test_what_stood_before_the_damage_is_read(check: Check) -> None:
    text = DNS.encode() + FILL.encode()
    for cut in (gzip.compress(text)[:-2_000], zipped(("a.txt", text), ("b.txt", b""))):
        content = bytearray(cut)
        content[len(content) * 2 // 3] ^= 255
        result = check(x=bytes(content))
        assert (keys(result), reasons(result)[0]) == (["bad.example"], "damaged")
        assert 1_000 < result["lines"] < 4_003


def test_damage_of_any_kind_ends_well(check: Check) -> None:
    chance = random.Random(5)
    good = zipped(("a.txt", FILL.encode()), ("b.txt", DNS.encode()))
    packed = gzip.compress(FILL.encode(), 9)
    damaged = {}
    for number in range(120):
        content = bytearray(packed if number % 3 == 0 else good)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        damaged[f"d{number}"] = bytes(content[: chance.randint(1, len(content))])
    result = check(**damaged)
    assert len({one["name"].split(" / ")[0] for one in result["entries"]}) == len(damaged)
    assert "damaged" in reasons(result)


def test_unpacking_is_that_of_zlib(check: Check) -> None:
    chance = random.Random(3)
    texts = {}
    for level in (0, 1, 6, 9):
        for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE):
            words = [chance.randbytes(chance.randint(1, 9)).hex() for _ in range(300)]
            text = "\n".join(chance.choice(words) for _ in range(30_000)) + "\nbad.example\n"
            packer = zlib.compressobj(level, zlib.DEFLATED, 31, 8, strategy)
            texts[f"l{level}s{strategy}"] = packer.compress(text.encode()) + packer.flush()
    result = check(**texts)
    # A wrong byte would not fit the check sum behind the stream.
    assert set(reasons(result)) == {""}
    assert result["found"][0]["lines"] == len(texts)
    assert result["lines"] == 30_001 * len(texts)
