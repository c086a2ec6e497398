"""The engine and the browser say the same of every line."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from quetsach.indicators.lookup import IndicatorLookup
from tests.public.matching.vectors import FILE, indicators, met, opened, vectors
from tests.sieve.lines import RARE_TOKENS, TOKENS, WIRE_TOKENS

SCRIPTS = Path("src/quetsach_public/pages/static/matching")
RUN = Path(__file__).with_name("run_lines.js")


def said_by_node(listed: dict[str, Any], lines: list[str]) -> list[list[list[str]]]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node; the same is asked of Chromium in test_page.py")
    done = subprocess.run(
        [node, str(RUN), str(SCRIPTS)],
        input=json.dumps({"list": listed, "lines": lines}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [sorted(one) for one in json.loads(done.stdout)]


def test_the_vectors_are_what_the_engine_says() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == vectors()


def test_node_says_the_same_of_each_vector() -> None:
    given = json.loads(FILE.read_text(encoding="utf-8"))
    lines = [one["line"] for one in given["lines"]]
    said = said_by_node(given["list"], lines)
    assert dict(zip(lines, said, strict=True)) == {
        one["line"]: one["met"] for one in given["lines"]
    }


def test_node_says_the_same_of_made_lines() -> None:
    chance = random.Random(7)
    texts = (
        *("bad.example", "evil.com.vn", "deep.er.worse.example", "tàiliệu.example", "x.9"),
        *("192.0.2.1", "1.2.3.4:443", "203.0.113.9:443", "198.51.100.0/24", "2001:db8::1"),
        *("2001:db8:ff::/48", "http://bad.example/a", "http://192.0.2.1:443/x?y=1"),
        *("0123456789abcdef0123456789abcdef", "0123456789" * 4, "0123456789abcdef" * 4),
    )
    # What people paste holds no message of DNS, and the page undoes none.
    plain = [token for token in (*TOKENS, *RARE_TOKENS) if token not in WIRE_TOKENS]
    parts = [*plain, "443", "http://bad.example/a", "://", "/a", "http:\\/\\/", "@"]
    between = [" ", " ", "", ":", "/", ",", '"', "-", "_", ".", "[", "]", "\t", "://", "é", "="]
    lines = [
        "".join(chance.choice(parts) + chance.choice(between) for _ in range(chance.randint(1, 9)))
        for _ in range(3_000)
    ]
    lookup = IndicatorLookup(indicators(*texts))
    said = said_by_node(json.loads(opened(*texts)), lines)
    differing = {
        line: (met(line, lookup), found)
        for line, found in zip(lines, said, strict=True)
        if met(line, lookup) != found
    }
    assert differing == {}
    assert sum(map(bool, said)) > 500
