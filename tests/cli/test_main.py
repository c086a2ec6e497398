"""The command line as a whole: language, help without delay, errors, and how a run ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click import Context

from quetsach.cli import report
from quetsach.cli.indicators import group
from quetsach.cli.main import COMMANDS, LazyGroup, cli
from tests.cli.running import command, environment, names_in, quetsach
from tests.sweeping.evidence import HEADER, conn, write
from tests.waiting import wait_until

NAMES = [name for name, _target, _help in COMMANDS]
GROUPS = (cli, group.command, report.command)


@pytest.mark.parametrize(
    ("lazy", "name"),
    [(lazy, name) for lazy in GROUPS for name in lazy.list_commands(Context(lazy))],
)
def test_every_lazy_command_is_loaded_under_its_name(lazy: LazyGroup, name: str) -> None:
    loaded = lazy.get_command(Context(lazy), name)
    assert loaded is not None
    assert loaded.name in {name, "command"}


def test_a_lazy_group_has_no_command_of_another_name() -> None:
    assert cli.get_command(Context(cli), "swee") is None


@pytest.mark.parametrize("name", ["", *NAMES, "indicators check", "indicators fetch"])
def test_every_help_speaks_both_languages(name: str) -> None:
    shown = {}
    for language in ("vi", "en"):
        run = quetsach("--lang", language, *name.split(), "--help")
        assert (run.returncode, run.stderr) == (0, b"")
        shown[language] = run.stdout.decode()
    assert "Usage: quetsach" in shown["en"]
    assert "Cách dùng: quetsach" in shown["vi"]
    assert not any(sign in shown["en"].replace("Trà Cú", "") for sign in "ệọơưđ")


def test_help_lists_every_command_and_the_exit_codes() -> None:
    shown = quetsach("--help").stdout.decode()
    assert all(f"\n  {name} " in shown for name in NAMES)
    assert "0 nothing found, 1 found, 2 failed, 3 finished but not all was read" in shown


@pytest.mark.parametrize("words", [["--help"], ["sweep", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n"
        "from quetsach.cli.main import main\n"
        f"main({words!r})\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, check=True
    )
    loaded = set(run.stderr.decode().split())
    assert "quetsach.cli.main" in loaded
    assert loaded.isdisjoint({"pyarrow", "pyspark", "docx", "typst", "jinja2", "isal"})


@pytest.mark.parametrize(
    ("words", "env", "expected"),
    [
        ([], {"LANG": "vi_VN.UTF-8"}, "Cách dùng"),
        ([], {"LANG": "C"}, "Cách dùng"),
        ([], {"LANG": ""}, "Cách dùng"),
        ([], {"LANG": "en_GB.UTF-8"}, "Usage"),
        ([], {"LANG": "vi_VN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "Usage"),
        (["--lang", "vi"], {"LANG": "en_US.UTF-8"}, "Cách dùng"),
        (["--lang=en"], {"LANG": "vi_VN.UTF-8"}, "Usage"),
    ],
)
def test_the_language_is_the_one_asked_for_else_that_of_the_system_else_vietnamese(
    words: list[str], env: dict[str, str], expected: str
) -> None:
    run = quetsach(*words, "--help", env=environment(**env))
    assert run.stdout.decode().startswith(expected)


def test_an_error_has_code_place_what_happened_and_what_to_do(tmp_path: Path) -> None:
    for language, what, todo in (
        ("en", "not a findings folder", "Give the folder that a sweep wrote."),
        ("vi", "không phải thư mục kết quả", "Hãy đưa thư mục mà lần quét đã ghi."),
    ):
        run = quetsach("--lang", language, "why", tmp_path / "nothing", "00")
        assert (run.returncode, run.stdout) == (2, b"")
        assert run.stderr.decode() == f"E303 {tmp_path / 'nothing'}: {what}. {todo}\n"


@pytest.mark.parametrize(
    "words", [["nonsense"], ["sweep"], ["--lang", "fr", "formats"], ["report", "x"]]
)
def test_a_wrong_call_is_told_on_standard_error_and_is_a_failure(words: list[str]) -> None:
    run = quetsach(*words)
    assert (run.returncode, run.stdout) == (2, b"")
    assert b"Error: " in run.stderr
    assert b"Traceback" not in run.stderr


def test_a_terminal_that_is_no_utf_8_still_gets_the_answer() -> None:
    env = environment(LANG="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii", PYTHONCOERCECLOCALE="0")
    run = quetsach("formats", env=env)
    assert run.returncode == 0
    assert "Nhật ký Zeek" in run.stdout.decode()


def test_a_reader_that_went_away_is_no_crash() -> None:
    run = subprocess.Popen(
        command("formats"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    stderr = run.stderr.read()
    run.stderr.close()
    run.wait(120)
    assert b"Traceback" not in stderr


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a log whose sweep takes seconds: a large one, of which each line is a sighting."""
    lines = "".join(conn(n, f"10.0.{n % 200}.5", "203.0.113.77") for n in range(20_000))
    return write(tmp_path_factory.mktemp("long") / "conn.log", HEADER + lines * 40)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_sweep_that_is_stopped_says_so_and_leaves_nothing(
    number: signal.Signals, long_log: Path, tmp_path: Path
) -> None:
    listed = write(tmp_path / "in" / "list.txt", "203.0.113.77\n")
    out = tmp_path / "out"
    out.mkdir()
    run = subprocess.Popen(
        command("sweep", long_log, "-i", listed, "-o", out / "findings"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        # Under nohup the tests themselves ignore some of these, and so would their children.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL) and None,  # noqa: PLW1509
    )
    # The hidden folder shows that the sweep has begun.
    wait_until(lambda: names_in(out) or run.poll() is not None)
    os.kill(run.pid, number)
    stdout, stderr = run.communicate(timeout=180)
    assert (run.returncode, stdout) == (128 + number, b"")
    assert stderr.decode().lstrip("\n") == (
        "E602 quetsach: stopped by the user. Nothing half-written was left. Start again.\n"
    )
    assert names_in(out) == []


def test_a_hang_up_that_is_ignored_stays_ignored() -> None:
    run = quetsach("formats", before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN) and None)
    assert run.returncode == 0
    code = (
        "import signal; from quetsach.cli import main as m; m._run = lambda *_said: "
        "print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN); m.main(['formats'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        capture_output=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN) and None,
    )
    assert run.stdout == b"True\n"
