"""The worked example of CONTRIBUTING.md reads its own line, as it stands there."""

import re
import subprocess
import sys
from datetime import UTC
from pathlib import Path

from quetsach.formats.contract import Format

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LINE = re.search(r"^\[\d+\] unbound.*$", PAGE, re.MULTILINE)
SOURCE = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)


def example() -> tuple[Format, bytes]:
    assert SOURCE is not None
    assert LINE is not None
    module: dict[str, type[Format]] = {}
    exec(compile(SOURCE.group(1), "CONTRIBUTING.md", "exec"), module)
    return module["Unbound"](), LINE.group().encode()


def test_the_example_knows_and_reads_its_line() -> None:
    unbound, line = example()
    assert unbound.recognise(line + b"\n")
    rows = unbound.parse([(0, line)], unbound.layout(line), UTC)
    assert rows.events == [
        (
            0,
            {
                "@timestamp": 1662945322_000_000,
                "event.dataset": "unbound.queries",
                "source.ip": "10.20.3.41",
                "dns.question.name": "bad.example.",
                "dns.question.type": "A",
            },
        )
    ]


def test_the_example_loses_no_line() -> None:
    unbound, line = example()
    lines = [(0, b"\xff\x00"), (3, b""), (4, line[:40]), (45, line)]
    rows = unbound.parse(lines, unbound.layout(line), UTC)
    assert [offset for offset, _ in rows.events] == [45]
    assert [reject.offset for reject in rows.rejects] == [0, 4]
    assert rows.skipped == [3]


def test_the_example_passes_the_linter_where_it_will_stand() -> None:
    assert SOURCE is not None
    stands = ("--no-cache", "--stdin-filename", "src/quetsach/formats/unbound.py", "-")
    for command in (["check"], ["format", "--check"]):
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *stands],
            cwd=ROOT,
            input=SOURCE.group(1),
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
