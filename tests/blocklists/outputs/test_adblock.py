"""Adblock lists: a name with all below it in ||...^, a name by itself alone bare."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from quetsach.blocklists.contract import Mode
from tests.blocklists.making import EXACT, indicators, make
from tests.whole import WHOLE

ADGUARD = Path(__file__).parents[1] / "adguard" / "main.go"
URLFILTER = "github.com/AdguardTeam/urlfilter@v0.21.0"
GO = shutil.which("go")
needs_go = pytest.mark.skipif(
    not WHOLE or GO is None, reason="AdGuard's engine takes a minute to build: make check-whole, Go"
)


def test_a_name_is_marked_by_what_its_rule_covers() -> None:
    made = make("adblock", indicators("bad.example", exact=(EXACT,)), Mode.BLOCK)
    lines = made.files["quetsach-adblock.txt"].splitlines()
    assert {"||bad.example^", EXACT} <= set(lines)
    # The name planted to prove the file is blocked by itself alone.
    bare = {line for line in lines if not line.startswith(("!", "||"))}
    assert bare == {EXACT, made.about.test_name}


def test_undoing_leaves_a_comment_alone() -> None:
    made = make("adblock", indicators("bad.example"), Mode.BLOCK)
    (line,) = made.undo["quetsach-adblock.txt"].splitlines()
    assert line == f"! quetsach: emptied on purpose to undo {made.about.list_id}"


@needs_go
def test_adguards_own_engine_blocks_what_the_rules_say(tmp_path: Path) -> None:
    """The engine of AdGuard Home (urlfilter), built from tests/blocklists/adguard."""
    assert GO is not None
    shutil.copy(ADGUARD, tmp_path)
    # From the cache of modules alone: no test reaches out.
    offline = os.environ | {"GOPROXY": "off", "GOFLAGS": "-mod=mod", "GONOSUMDB": "*"}
    for words in (("mod", "init", "judge"), ("get", URLFILTER), ("build", "-o", "judge", ".")):
        done = subprocess.run([GO, *words], cwd=tmp_path, env=offline, capture_output=True)
        if done.returncode:
            pytest.skip(f"NOT judged by AdGuard: go get {URLFILTER} first: {done.stderr[:300]!r}")
    judge = tmp_path / "judge"
    made = make("adblock", indicators("bad.example", exact=("only.example",)), Mode.BLOCK)
    blocked = {"bad.example", "a.b.bad.example", "only.example"}
    asked = (*blocked, "notbad.example", "a.only.example", "bad.example.vn", made.about.test_name)
    for text, wanted in (
        (made.files["quetsach-adblock.txt"], {*blocked, made.about.test_name}),
        (made.undo["quetsach-adblock.txt"], set()),
    ):
        said = subprocess.run([judge, *asked], input=text.encode(), capture_output=True, check=True)
        lines = dict(line.split() for line in said.stdout.decode().splitlines())
        assert {name for name in asked if lines[name] == "true"} == wanted
