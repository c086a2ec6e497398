"""Real resolvers with our files: what the answers prove, and what they do not."""

import struct
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import pytest

from quetsach.blocklists.contract import Mode, Policy
from quetsach.blocklists.convert import ConvertedRelease
from quetsach.blocklists.folder import write_folder
from quetsach.blocklists.proving import (
    BlockProof,
    ProofNames,
    _read,
    prove_block,
    release_proof_names,
)
from quetsach.errors.exceptions import QuetsachError
from tests.blocklists.asking import ask
from tests.blocklists.making import make, program
from tests.blocklists.resolving import (
    LISTED,
    dnsmasq,
    forward,
    free_port,
    running,
    unbound,
    upstream,
    write,
)


def names_of(made: ConvertedRelease, folder: Path) -> ProofNames:
    write_folder(folder / "release", made.folder())
    return release_proof_names(folder / "release")


def bind(folder: Path, zone: Path, port: int) -> list[str]:
    """Return the command that runs BIND with our zone; it asks no other server."""
    config = folder / "named.conf"
    config.write_text(
        f'options {{ directory "{folder}"; pid-file none; listen-on port {port} {{ 127.0.0.1; }};\n'
        " listen-on-v6 { none; }; recursion yes; allow-query { any; };\n"
        ' response-policy { zone "rpz.local"; } qname-wait-recurse no; dnssec-validation no; };\n'
        "controls { };\n"
        f'zone "rpz.local" {{ type primary; file "{zone}"; }};\n'
        'zone "." { type primary; file "root.zone"; };\n'
    )
    (folder / "root.zone").write_text(
        "$TTL 60\n@ IN SOA a. b. 1 60 60 60 60\n@ IN NS a.\n*.example. IN A 198.51.100.9\n"
        "a. IN A 127.0.0.1\nup.test. IN A 127.0.0.1\n"
    )
    return [program("named", "bind9"), "-f", "-c", str(config)]


def _wait_until_loaded(port: int, names: ProofNames) -> None:
    """Wait for BIND, which answers before its policy zone is there."""
    for _try in range(100):
        if ask(port, names.loaded).addresses == (names.loaded_address,):
            return
        Event().wait(0.02)


@pytest.mark.parametrize(
    ("form", "mode", "policy", "verdict"),
    [
        ("unbound", Mode.BLOCK, Policy.NXDOMAIN, BlockProof.BLOCKED),
        ("unbound", Mode.WATCH, Policy.NXDOMAIN, BlockProof.NOT_BLOCKED),
        ("unbound", Mode.BLOCK, Policy.REDIRECT, BlockProof.REDIRECTED),
        ("dnsmasq", Mode.BLOCK, Policy.NXDOMAIN, BlockProof.REDIRECTED),
        ("rpz", Mode.BLOCK, Policy.NXDOMAIN, BlockProof.BLOCKED),
        ("rpz", Mode.WATCH, Policy.NXDOMAIN, BlockProof.NOT_BLOCKED),
    ],
)
def test_what_a_real_resolver_with_our_file_proves(
    form: str, mode: Mode, policy: Policy, verdict: BlockProof, tmp_path: Path
) -> None:
    sensor = ("10.9.8.7",) if policy is Policy.REDIRECT else ()
    made = make(form, LISTED, mode, policy=policy, sensor=sensor)
    path, port = write(made, tmp_path), free_port()
    names = names_of(made, tmp_path)
    names = ProofNames(names.listed, names.loaded, names.loaded_address, sensor)
    with ExitStack() as stack:
        truth = 0 if form == "rpz" else stack.enter_context(upstream(tmp_path))
        command = {
            "unbound": lambda: unbound(tmp_path, port, f'include: "{path}"\n{forward(truth)}'),
            "dnsmasq": lambda: dnsmasq(path, port, truth),
            "rpz": lambda: bind(tmp_path, path, port),
        }[form]()
        stack.enter_context(running(command, port))
        _wait_until_loaded(port, names)
        proof = prove_block(f"127.0.0.1:{port}", names)
        assert (proof.verdict, proof.loaded is not None) == (verdict, True)
        bare = prove_block(f"127.0.0.1:{port}", ProofNames(names.listed, sinkholes=sensor))
        assert bare.verdict is verdict


def test_a_resolver_without_our_file_is_not_loaded_and_blocks_nothing(tmp_path: Path) -> None:
    """There `.example` does not exist: no such name is what it says of every name."""
    names = names_of(make("unbound", LISTED, Mode.BLOCK), tmp_path)
    port = free_port()
    plain = 'local-zone: "example." static\n'
    with running(unbound(tmp_path, port, plain), port):
        assert prove_block(f"127.0.0.1:{port}", names).verdict is BlockProof.NOT_LOADED
        alone = prove_block(f"127.0.0.1:{port}", ProofNames(names.listed))
        assert alone.verdict is BlockProof.CANNOT_TELL


def test_nobody_there_is_no_answer() -> None:
    proof = prove_block(f"127.0.0.1:{free_port()}", ProofNames("bad.example"), wait_s=0.05)
    assert proof.verdict is BlockProof.NO_ANSWER


@pytest.mark.parametrize("where", ["", "resolver.example", "10.0.0.1:0", "10.0.0.1:99999", "[::1"])
def test_what_is_no_address_is_refused(where: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        prove_block(where if where != "[::1" else "[x]:53", ProofNames("bad.example"))


def test_damaged_and_foreign_messages_are_no_answers() -> None:
    question = b"\3bad\7example\0" + struct.pack("!HH", 1, 1)
    query = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + question
    head = struct.pack("!6H", 7, 0x8180, 1, 1, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + b"\x0a\x00\x00\x01"
    whole = head + question + record
    answer = _read(whole, query, "bad.example")
    assert answer is not None
    assert (answer.code, answer.addresses) == (0, ("10.0.0.1",))
    for length in range(len(whole)):
        assert _read(whole[:length], query, "bad.example") is None
    assert _read(b"\0\1" + whole[2:], query, "bad.example") is None
    assert _read(whole.replace(b"\3bad", b"\3bat"), query, "bad.example") is None


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    for content in (None, b"", b"[]", b'{"test_name": 7}', b'{"test_name":"\xff"}'):
        if content is not None:
            (tmp_path / "left-out.json").write_bytes(content)
        with pytest.raises(QuetsachError, match="E249"):
            release_proof_names(tmp_path)
