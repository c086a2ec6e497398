"""A push as programs call it: nothing is sent before it is asked, and keys stay unseen."""

import json
from pathlib import Path

import pytest

from quetsach.api.pushing import line_of, read_key
from quetsach.errors.exceptions import QuetsachError
from tests.exports.findings_made import MACHINE
from tests.pushes.doubles import KEY
from tests.pushes.pushed import push


def test_what_would_go_is_shown_with_and_without_machines(tmp_path: Path) -> None:
    for kind, address in (("elastic", "https://a.example/i"), ("webhook", "https://a.example/")):
        for with_machines in (False, True):
            prepared = push(tmp_path, kind, address, with_machines=with_machines)
            lines = [line_of(outgoing) for outgoing in prepared.outgoing()]
            assert [json.loads(line) for line in lines]
            assert (MACHINE.encode() in b"".join(lines)) is with_machines


def test_one_indicator_alone_is_sent(tmp_path: Path) -> None:
    prepared = push(tmp_path, "webhook", "https://a.example/", only=["bad.example"])
    rows = [json.loads(line_of(outgoing)) for outgoing in prepared.outgoing()]
    assert {row["threat.indicator.name"] for row in rows} == {"bad.example"}


def test_no_key_is_seen_in_what_is_shown_of_a_push(tmp_path: Path) -> None:
    assert KEY not in repr(push(tmp_path, "misp", "https://a.example/"))


@pytest.mark.parametrize(
    "address", ["http://a.example/", "ftp://a.example", "https://u:p@a.example"]
)
def test_an_address_that_is_not_safe_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(QuetsachError, match="E214") as raised:
        push(tmp_path, "webhook", address)
    assert "u:p" not in str(raised.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    path.write_text("secret")
    path.chmod(mode)
    with pytest.raises(QuetsachError, match="chmod 600") as raised:
        read_key(path)
    assert "secret" not in str(raised.value)
    path.chmod(0o600)
    assert read_key(path) == "secret"
    with pytest.raises(QuetsachError, match="E601"):
        read_key(tmp_path / "none")
