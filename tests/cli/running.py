"""The real command, run as its users run it."""

import gettext
import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager
from pathlib import Path
from unittest import mock

from quetsach.cli.main import main
from quetsach.texts import language, use_language

SOURCE = Path(__file__).parents[2] / "src"


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a run: English, without settings, unless `more` says otherwise."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    # The settings of the tests are in the folder above the source.
    places = f"{SOURCE}{os.pathsep}{SOURCE.parent}"
    own = {"PYTHONPATH": places, "LANG": "en_US.UTF-8", "QUETSACH_CONFIG": ""}
    return {**kept, **own, **more}


def command(*arguments: str | Path) -> list[str]:
    """Return the words that run quetsach."""
    return [sys.executable, "-m", "quetsach", *map(str, arguments)]


def quetsach(
    *arguments: str | Path,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Return how a run of quetsach ended, and what it wrote."""
    return subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment() if env is None else env,
        timeout=600,
        check=False,
        preexec_fn=before,
    )


def quetsach_here(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Return the same as `quetsach`, run in this process: to start another takes a second."""
    words = list(map(str, arguments))
    said, told = _text(), _text()
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, environment(), clear=True))
        stack.enter_context(mock.patch.multiple(sys, stdin=_text(stdin), stdout=said, stderr=told))
        stack.enter_context(chdir(cwd or Path.cwd()))
        stack.enter_context(_as_it_was())
        logging.getLogger().handlers[:] = [logging.StreamHandler(told)]
        try:
            main(words)
        except SystemExit as ended:
            code = ended.code
        for one in (said, told):
            one.flush()
    assert isinstance(code, int)
    return subprocess.CompletedProcess(words, code, _bytes(said), _bytes(told))


def _text(content: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")


def _bytes(text: io.TextIOWrapper) -> bytes:
    assert isinstance(text.buffer, io.BytesIO)
    return text.buffer.getvalue()


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Give the language, the signals and the log their state back."""
    numbers = (signal.SIGTERM, signal.SIGHUP)
    spoken, domain = language(), gettext.textdomain()
    handlers = [signal.getsignal(one) for one in numbers]
    root = logging.getLogger()
    logs, level = root.handlers[:], root.level
    yield
    use_language(spoken)
    gettext.textdomain(domain)
    for number, handler in zip(numbers, handlers, strict=True):
        signal.signal(number, handler)
    root.handlers[:] = logs
    root.setLevel(level)


def names_in(folder: Path) -> list[str]:
    """Return what lies in `folder`, hidden files included."""
    return sorted(path.name for path in folder.iterdir())


def folder_with_modules(folder: Path) -> Path:
    """Return a new folder as whoever sent evidence may fill it: what loads from there ends."""
    folder.mkdir()
    for name in ("random.py", "quetsach_portal.py", "quetsach_public.py", "granian.py"):
        (folder / name).write_text('raise SystemExit("loaded from the current folder")\n')
    return folder
