"""`quetsach answer-slip`: the answer in words and by the exit code."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.api.test_carriers import HEAD, LEASE_HEAD, MAC_41, leased, translated
from tests.cli.running import quetsach_here
from tests.signing.test_slips import CLAIMS, PAGE, key_set, slip

LINE = "100.64.3.41"


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """The words of a call whose notice is about the line 100.64.3.41."""
    now = datetime.now(UTC).replace(microsecond=0)
    day = timedelta(days=1)
    notice = f"{now - day:%Y-%m-%d %H:%M:%S}+00:00,198.51.100.5,1500,mirai\n"
    for name, text in (
        ("notice.csv", HEAD + notice),
        ("nat.log", translated(LINE, 1500, now - day) + translated(LINE, 1100, now)),
        (
            "leases.csv",
            LEASE_HEAD + leased(LINE, "thue-bao-41", now - 9 * day, now + 9 * day, MAC_41),
        ),
        ("keys.json", key_set().decode()),
    ):
        (tmp_path / name).write_text(text)
    at = int(now.timestamp())
    text = slip(claims={**CLAIMS, "iat": at, "exp": at + 3600})
    evidence = ["-e", str(tmp_path / "nat.log"), "-e", str(tmp_path / "leases.csv")]
    return [
        *("answer-slip", text, "--keys", str(tmp_path / "keys.json"), "--issuer", f"{PAGE}/"),
        *("--notices", str(tmp_path / "notice.csv"), *evidence, "--public", "198.51.100.0/24"),
    ]


def test_yes_and_refusal_by_words_and_exit_code(words: list[str]) -> None:
    done = quetsach_here(*words, "--asker", LINE, "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["answer"] == "yes"
    done = quetsach_here(*words)
    assert done.returncode == 1
    assert b"about this line (mirai)" in done.stdout
    done = quetsach_here(*words, "--asker", "100.64.3.42")
    assert done.returncode == 2
    assert b"E259" in done.stderr
    assert done.stdout == b""


def test_a_slip_of_another_page_and_keys_that_are_none_fail(
    words: list[str], tmp_path: Path
) -> None:
    other = [word.replace(PAGE, "https://other.example") for word in words]
    assert b"E257" in quetsach_here(*other).stderr
    (tmp_path / "keys.json").write_text("{}")
    assert b"E258" in quetsach_here(*words).stderr
