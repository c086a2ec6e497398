"""The language of what the calls say: as chosen, else as the environment asks, in all threads."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from pathlib import Path

import pytest

import quetsach
from quetsach import texts
from quetsach.texts import in_language, language
from tests.api.test_who import lease
from tests.sweeping.evidence import write

WITHOUT_ZONE = "2026-09-01 08:15"
ENGLISH, VIETNAMESE = "the time has no zone", "thời gian không ghi múi giờ"


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_of_process", {})
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture
def leases(tmp_path: Path) -> Path:
    path: Path = write(tmp_path / "dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    return path


def spoken(call: Callable[[], str]) -> str:
    """Return what a call says in a thread of its own, in which nothing was chosen."""
    return Context().run(call)


def note(leases: Path) -> str:
    return str(quetsach.who("10.0.0.5", WITHOUT_ZONE, leases)["notes"][-1])


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en_US.UTF-8", ENGLISH), ("vi_VN.UTF-8", VIETNAMESE), ("C.UTF-8", VIETNAMESE)],
)
def test_notes_follow_the_environment(
    lang: str, words: str, leases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", lang)
    assert spoken(lambda: note(leases)).startswith(words)


def test_a_choice_goes_before_the_environment_until_it_is_taken_back(leases: Path) -> None:
    quetsach.use_language("en")
    assert spoken(lambda: note(leases)).startswith(ENGLISH)
    quetsach.use_language(None)
    assert spoken(lambda: note(leases)).startswith(VIETNAMESE)


def test_a_choice_holds_in_threads_and_for_errors() -> None:
    quetsach.use_language("en")
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(language).result() == "en"
    error = quetsach.QuetsachError("E101", "away.log")
    assert "no such file" in spoken(lambda: str(error))


def test_the_language_of_a_thread_goes_before_the_choice(leases: Path) -> None:
    quetsach.use_language("en")
    with in_language("vi"):
        assert note(leases).startswith(VIETNAMESE)


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        quetsach.use_language("fr")  # type: ignore[arg-type]


def test_a_sweep_in_english_says_its_notes_and_its_report_in_english(tmp_path: Path) -> None:
    log = "2026-09-01T08:15:22+07:00 10.0.0.5 bad.example\n"
    write(tmp_path / "logs/dnsmasq-2026-09-01T0815.leases", lease("10.0.0.5", "PC-07"))
    write(tmp_path / "logs/a.log", log)
    write(tmp_path / "list.txt", "bad.example\n")
    code = (
        "import quetsach; found = quetsach.sweep('logs', 'list.txt', out='out');"
        "print(found.unread[0]['what']); print((found.folder / 'report.html').read_text()[:99])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "LANG": "en_GB.UTF-8", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    ).stdout
    assert "lines of unknown form" in said
    assert '<html lang="en"' in said
