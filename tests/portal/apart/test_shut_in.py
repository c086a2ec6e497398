"""An act in a process apart reads its inputs, writes its folder, and nothing else."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from quetsach.confined.shut_in import offered
from quetsach_portal.apart.ask import Answer, answered, ask
from quetsach_portal.apart.boundary import Limits
from quetsach_portal.apart.run import BrokeOff, Why, links_in

ACT = "tests.portal.apart.test_shut_in:act"
LIMITS = Limits(memory=2 << 30, seconds=60, answer=1 << 16)


def act(given: bytes, _tell: Any) -> bytes:
    """Try what is asked, in the process apart: each line of Python by itself."""
    told = []
    for line in msgspec.json.decode(given, type=list[str]):
        try:
            exec(line, {})  # lines of this very file
            told.append("done")
        except OSError as error:
            told.append(type(error).__name__)
    return answered(told)


def tried(folder: Path, *lines: str, reads: tuple[Path, ...] = ()) -> Answer:
    return ask(ACT, list(lines), folder=folder, limits=LIMITS, reads=reads)


@pytest.mark.skipif(not offered().is_whole, reason="this kernel offers no Landlock or no seccomp")
def test_it_reaches_its_inputs_and_its_folder_and_no_more(tmp_path: Path) -> None:
    folder, given, secret = tmp_path / "f", tmp_path / "given", tmp_path / "secret"
    folder.mkdir()
    given.write_text("1")
    secret.write_text("2")
    (folder / "link").symlink_to(given)
    answer = tried(
        folder,
        "open('link').read()",
        "open('own', 'w').write('x')",
        "import tempfile; tempfile.TemporaryFile()",
        f"open({str(secret)!r})",
        f"open({str(given)!r}, 'a')",
        f"open({str(tmp_path / 'new')!r}, 'w')",
        "open('/etc/hostname')",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        reads=tuple(Path(one) for one in links_in(folder)),
    )
    assert answer.value == ["done"] * 3 + ["PermissionError"] * 5
    assert (folder / "own").read_text() == "x"


def test_what_it_may_not_use_up_ends_it(tmp_path: Path) -> None:
    for name, line, why in (
        ("a", "x = b'x' * (4 << 30)", Why.MEMORY),
        ("b", "import os; os._exit(7)", Why.BROKE),
        ("c", "open('big', 'wb').truncate(1 << 40)", None),
    ):
        folder = tmp_path / name
        folder.mkdir()
        limits = msgspec.structs.replace(LIMITS, file_bytes=1 << 20)
        if why is None:
            assert ask(ACT, [line], folder=folder, limits=limits).value == ["OSError"]
            continue
        with pytest.raises(BrokeOff) as caught:
            ask(ACT, [line], folder=folder, limits=limits)
        assert caught.value.why is why
