"""The small office whose files the commands are tried on, made once for all of them.

Each part is a file or folder of `in/`; later ones are made by the commands themselves. All in it is
made up: documentation addresses and names.
"""

import gzip
import hashlib
import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
from cryptography.hazmat.primitives.serialization import Encoding

from quetsach.api.signing import sign_path
from quetsach.signing.keys import generate_key_pair, private_pem, public_pem
from quetsach.trusted_tools import FORMAT, Catalogue, catalogue_json
from tests.api.test_carriers import HEAD, LEASE_HEAD, MAC_41, leased, translated
from tests.avreport.messages import identity
from tests.captures import packets
from tests.captures.test_pcap import QUESTION
from tests.exams.office import ExamOffice
from tests.forms.proved import whole
from tests.letters.texts import sample
from tests.signing.pades.authority import PASSPHRASE, UNIT, authority, clerk, pdf
from tests.signing.test_slips import CLAIMS, key_set, slip
from tests.test_trusted_tools import SCANNER
from tests.watch.watched import eve
from tools.faults.trying import environment_of, python_words

DAY = timedelta(days=1)
SIGNED_AT = "2026-12-01T08:00:00+07:00"
LINE = "100.64.3.41"


def office(folder: Path) -> None:
    """Make all parts below `folder`/in."""
    for make in (_lists, _evidence, _tables, _signers, _carrier, _exam, _tools):
        make(folder / "in")
    for words in _MADE_BY_COMMANDS:
        run_plainly(words, folder)
    number = pq.read_table(folder / "in/findings/sightings.parquet")["quetsach.sighting.id"][
        0
    ].as_py()
    _write(folder / "in/sighting.txt", number)


def quetsach_words(*words: str) -> tuple[str, ...]:
    """Return the words that run quetsach, in English."""
    return python_words("-m", "quetsach", *in_english(*words))


def in_english(*words: str) -> tuple[str, ...]:
    """Return the words behind `quetsach` for texts in English."""
    return ("--lang", "en", *words)


def run_plainly(words: Sequence[str], world: Path) -> None:
    """Run quetsach without any fault. Errors: AssertionError when it fails."""
    for name in ("home", "tmp"):
        (world / name).mkdir(exist_ok=True)
    run = subprocess.run(
        quetsach_words(*words),
        cwd=world,
        env=environment_of(world),
        capture_output=True,
        check=False,
    )
    if run.returncode not in (0, 1, 3):
        raise AssertionError(f"{words}: {run.returncode} {run.stderr.decode()}")


_LIST = ("-i", "in/list.txt")
_ZONE = ("--zone", "Asia/Ho_Chi_Minh")

_MADE_BY_COMMANDS: tuple[tuple[str, ...], ...] = (
    (
        *("sweep", "in/logs", *_LIST, *_ZONE, "--leases", "in/leases.csv", "-o", "in/findings"),
        *("--fingerprint-unit", "VP", "--fingerprint-keys", "in/print-keys"),
        *("--fingerprints", "in/prints", "--quiet"),
    ),
    (
        *("indicators", "decide", "198.51.100.66", "--drop", "--reason", "gone", "--by", "VP"),
        *("--until", "2030-01-01", "--decisions", "in/decisions.jsonl"),
    ),
    ("indicators", "release", "in/list.txt", "--store", "in/store", "--created", SIGNED_AT),
    ("indicators", "release", "in/list.txt", "-o", "in/release.jsonl", "--created", SIGNED_AT),
    ("indicators", "sign", "in/release.jsonl", "--key", "in/so.key.pem", "--at", SIGNED_AT),
    ("planted", "key", "in/planted.key", "--place", "VP"),
    (
        *("report", "sign", "in/a.pdf", "--key", "in/key.p12", "--passphrase-file", "in/word"),
        *("-o", "in/signed.pdf"),
    ),
    (
        *("avreport", "export", "in/findings", "--organ", "in/organ.toml", "-o", "in/m.xml"),
        *("--key", "in/av.key.pem", "--cert", "in/av.pem"),
    ),
    ("watch", "run", "in/eve.json", *_LIST, *_ZONE, "--state", "in/state", "--once", "--quiet"),
)


def _write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _lists(folder: Path) -> None:
    _write(folder / "list.txt", "bad.example\n203.0.113.77\nc2.bad.example\n198.51.100.66\n")
    _write(folder / "more.csv", "indicator,malware\nworse.example,Emotet\n203.0.113.78,QakBot\n")
    _write(folder / "short.txt", "bad.example\n")
    event = {
        "Event": {
            "uuid": "00000000-0000-4000-8000-000000000001",
            "info": "made up",
            "Attribute": [{"type": "domain", "value": "aside.example", "to_ids": False}],
        }
    }
    _write(folder / "event.json", json.dumps(event))


def _evidence(folder: Path) -> None:
    lines = [eve(number, client=f"10.2.0.{number % 5 + 1}") for number in range(20)]
    quiet = [eve(number, "good.example", "10.2.0.9") for number in range(20, 60)]
    _write(folder / "eve.json", b"".join([*lines, *quiet]))
    _write(folder / "logs/eve.json", b"".join([*lines, *quiet]))
    _write(folder / "logs/old.json.gz", gzip.compress(b"".join(quiet[:9]), mtime=0))
    _write(folder / "packed/line.pcap", packets.pcap(QUESTION))
    _write(folder / "packed/eve.json", b"".join(lines))


def _tables(folder: Path) -> None:
    rows = [f"10.2.0.{place},PC-{place},00:17:a4:00:00:0{place}" for place in range(1, 6)]
    _write(folder / "machines.csv", "address,host_name,mac\n" + "\n".join(rows) + "\n")
    start, end = datetime(2026, 11, 29, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
    leases = (
        leased(f"10.2.0.{place}", f"PC-{place}", start, end, f"00:17:a4:00:00:0{place}")
        for place in range(1, 6)
    )
    _write(folder / "leases.csv", LEASE_HEAD + "".join(leases))
    _write(folder / "handled.csv", "device,time\nPC-1,2026-11-30 12:00\n")
    _write(folder / "organ.toml", 'organ_id = "000.00.00.H84"\norgan_name = "Sở"\n')
    _write(
        folder / "sensors.toml",
        '[[sensor]]\nname = "zeek"\nkind = "zeek"\nfile = "@world@/out/intel.dat"\n',
    )
    _write(folder / "letter.txt", sample("district-letter"))
    _write(folder / "holder.txt", sample("holder-request-prose"))


def _signers(folder: Path) -> None:
    for name in ("so", "other"):
        secret = generate_key_pair(name)
        _write(folder / f"{name}.key.pem", private_pem(secret, None))
        _write(folder / f"{name}.pub.pem", public_pem(secret.public))
    own = identity("so", "Root")
    _write(folder / "av.key.pem", own.key)
    _write(folder / "av.pem", own.pem)
    today = datetime.now(UTC)
    signer = clerk(UNIT, today - DAY, today + 300 * DAY)
    _write(folder / "a.pdf", pdf())
    _write(folder / "key.p12", signer.p12())
    _write(folder / "word", PASSPHRASE).chmod(0o600)
    _write(folder / "ca.pem", authority().cert.public_bytes(Encoding.PEM))
    _write(folder / "report.proof", whole())


def _carrier(folder: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    at = int(now.timestamp())
    _write(
        folder / "notice.csv",
        HEAD + f"{now - DAY:%Y-%m-%d %H:%M:%S}+00:00,198.51.100.5,1500,mirai\n",
    )
    _write(folder / "nat/nat.log", translated(LINE, 1500, now - DAY) + translated(LINE, 1100, now))
    lease = leased(LINE, "thue-bao-41", now - 9 * DAY, now + 9 * DAY, MAC_41)
    _write(folder / "nat/leases.csv", LEASE_HEAD + lease)
    _write(folder / "keys.json", key_set())
    _write(folder / "slip.txt", slip(claims={**CLAIMS, "iat": at, "exp": at + 360_000}))


def _exam(folder: Path) -> None:
    drawn = ExamOffice(folder / "office")
    truth, _commitment = drawn.draw(each=1)
    drawn.connect(truth)
    drawn.server_log(truth)


def _tools(folder: Path) -> None:
    file = _write(folder / "scanner.exe", b"MZ tool")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    tool = msgspec.structs.replace(SCANNER, sha256=digest)
    catalogue = Catalogue(FORMAT, "Sở", "2026-11-20", "2099-10-20T00:00:00+07:00", 3, (tool,), ())
    secret = generate_key_pair("Sở KH&CN")
    path = _write(folder / "tools.json", catalogue_json(catalogue))
    sign_path(path, secret, datetime(2026, 11, 20, tzinfo=UTC))
    _write(folder / "tools.pub.pem", public_pem(secret.public))
