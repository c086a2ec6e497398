"""A webhook: signed batches, each known by its id, and what is taken back."""

import os
import shutil
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from tests.exports.findings_made import machine_words
from tests.indicators.fetch.servers import Said, serving
from tests.pushes.doubles import SECRET, Faulty, HookDouble
from tests.pushes.pushed import Waited, push

HOOK: dict[str, Any] = {"key": f"whsec_{SECRET}", "batch": 2}


@pytest.mark.parametrize("key", ["", "short", "whsec_!!!!", "whsec_c2hvcnQ="])
def test_a_key_that_is_none_or_short_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(QuetsachError, match="E601"):
        push(tmp_path, "webhook", "https://hook.example/x", key=key).send()


def test_batches_are_signed_and_tell_no_machine(tmp_path: Path) -> None:
    double = HookDouble(time.time)
    with serving(double) as server:
        sent = push(tmp_path, "webhook", f"{server.address}/hook?t=1", source="Xã A", **HOOK).send()
        assert {asked.path for asked in server.asked} == {"/hook?t=1"}
        bodies = b" ".join(asked.body for asked in server.asked).decode()
    batches = [one["data"]["sightings"] for one in double.messages.values()]
    assert (sum(map(len, batches)), max(map(len, batches))) == (sent.done, 2)
    assert {one["type"] for one in double.messages.values()} == {"quetsach.sightings"}
    assert {one["data"]["source"] for one in double.messages.values()} == {"Xã A"}
    assert not any(word in bodies for word in machine_words(tmp_path))


def test_a_batch_that_is_sent_again_has_the_same_id(tmp_path: Path) -> None:
    double = HookDouble(time.time)
    with serving(Faulty(double, ["lost"])) as server:
        sent = push(tmp_path, "webhook", server.address, **HOOK).send()
    assert sent.is_whole
    assert double.repeated == 1
    assert sum(len(one["data"]["sightings"]) for one in double.messages.values()) == sent.done


def test_what_was_sent_is_taken_back_by_its_numbers(tmp_path: Path) -> None:
    double = HookDouble(time.time)
    with serving(double) as server:
        push(tmp_path, "webhook", server.address, **HOOK).send()
        sent = {
            row["quetsach.sighting.id"]
            for one in double.messages.values()
            for row in one["data"]["sightings"]
        }
        double.messages.clear()
        back = push(tmp_path, "webhook", server.address, **HOOK).take_back()
    numbers = {number for one in double.messages.values() for number in one["data"]["ids"]}
    assert {one["type"] for one in double.messages.values()} == {"quetsach.sightings.withdrawn"}
    assert numbers == sent
    assert back.done == len(sent)


def test_a_receiver_that_refuses_a_signature_is_told_and_nothing_noted(tmp_path: Path) -> None:
    double = HookDouble(time.time)
    with serving(double) as server:
        other: dict[str, Any] = HOOK | {"key": "another key of more than 24 bytes"}
        sent = push(tmp_path, "webhook", f"{server.address}/secret-path", **other).send()
    assert sent.problem is not None
    assert (sent.problem.code, sent.done) == ("E215", 0)
    assert "secret-path" not in str(sent.problem)


def test_a_cut_in_the_middle_keeps_what_was_taken_and_the_next_run_goes_on(tmp_path: Path) -> None:
    double, waited = HookDouble(time.time), Waited()
    with serving(Faulty(double, [None, "cut"])) as server:
        patience = waited.patience(tries=1)
        sent = push(tmp_path, "webhook", server.address, patience=patience, **HOOK).send()
        assert (sent.done, sent.unsent) == (2, 2)
        again = push(tmp_path, "webhook", server.address, **HOOK).send()
    assert (again.done, again.before, double.repeated) == (2, 2, 0)


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(
    tmp_path: Path, certificate: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    double, waited = HookDouble(time.time), Waited()
    with serving(double, lambda sock: context.wrap_socket(sock, server_side=True)) as server:
        more: dict[str, Any] = HOOK | {"patience": waited.patience()}
        sent = push(tmp_path, "webhook", server.address, **more).send()
        assert sent.problem is not None
        assert (sent.problem.code, waited.waits) == ("E213", [])
        trusted = push(tmp_path, "webhook", server.address, ca_file=certificate, **more).send()
    assert trusted.is_whole
    assert trusted.done == 4


def test_the_documented_receiver_takes_ours_and_nothing_else(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "push.md").read_text("utf-8")
    names: dict[str, Any] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], names)
    verified = names["verified"]
    with serving(lambda _asked: Said(b"", 204)) as server:
        push(tmp_path, "webhook", server.address, **HOOK).send()
    asked = server.asked[0]
    assert verified(asked.headers, asked.body, f"whsec_{SECRET}")["data"]["source"] == "quetsach"
    with pytest.raises(ValueError, match="signature"):
        verified(asked.headers, asked.body + b" ", f"whsec_{SECRET}")
    old = asked.headers | {"webhook-timestamp": "1788225322"}
    with pytest.raises(ValueError, match="five minutes"):
        verified(old, asked.body, f"whsec_{SECRET}")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_documented_shell_script_takes_ours_and_nothing_else(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "push.md").read_text("utf-8")
    script, body = tmp_path / "verify.sh", tmp_path / "body.json"
    script.write_text(page.partition("```sh\n")[2].partition("```")[0])
    with serving(lambda _asked: Said(b"", 204)) as server:
        push(tmp_path, "webhook", server.address, **HOOK).send()
    asked = server.asked[0]
    headers = {name: asked.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature")}
    body.write_bytes(asked.body)

    def verified(**more: str) -> tuple[int, bytes]:
        words = {**os.environ, **headers, "secret": f"whsec_{SECRET}", **more}
        run = subprocess.run(["sh", script, body], env=words, capture_output=True, check=False)
        assert run.stderr == b""
        return run.returncode, run.stdout.strip()

    assert verified() == (0, b"the signature is right")
    assert verified(signature=f"v1,AAAA {headers['signature']}") == (0, b"the signature is right")
    assert verified(id="msg_other") == (1, b"the signature is wrong")
    assert verified(signature="") == (1, b"the signature is wrong")
    assert verified(timestamp="1788225322") == (1, b"older than five minutes")
    body.write_bytes(asked.body + b" ")
    assert verified() == (1, b"the signature is wrong")
