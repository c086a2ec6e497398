"""Findings as an edXML AVReport, written and read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from quetsach.atomic_files import write_set
from quetsach.avreport.message import MOST_BYTES as MOST_ORGAN
from quetsach.avreport.message import AvReportMessage, read_organ
from quetsach.avreport.reading import MessageReader, gaps, parse_message
from quetsach.avreport.verify import XmlSignature, XmlSignatureState, read_certificates, verify
from quetsach.avreport.writing import COLUMNS, Sender, from_findings, signed, unsigned
from quetsach.containers.xml import IN_MESSAGES
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import SIGHTINGS, Findings, read_folder
from quetsach.texts import _

MOST_PEM = 1024 * 1024


@dataclass(frozen=True)
class ExportedMessage:
    """What was written: the message, the list of what is missing beside it, and its sentences."""

    file: Path
    list: Path
    message: AvReportMessage
    missing: tuple[str, ...]
    is_signed: bool


@dataclass(frozen=True)
class AvReportReading:
    """A message as it was read. Only with `trusted` may it be used as a fact."""

    message: AvReportMessage
    signature: XmlSignature
    deviations: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def trusted(self) -> bool:
        """Whether the message is signed by a certificate that was named, or issued by one."""
        return self.signature.state is XmlSignatureState.TRUSTED

    @property
    def exit_code(self) -> int:
        """Return 0 trusted, 2 wrongly signed, 3 unsigned or by somebody unknown."""
        return {XmlSignatureState.TRUSTED: 0, XmlSignatureState.WRONG: 2}.get(
            self.signature.state, 3
        )


@dataclass(frozen=True)
class KeyAndCertificate:
    """Where the private key and its certificate lie, and the key's passphrase if it has one."""

    key: Path
    certificate: Path
    passphrase: bytes | None = None


def export(
    folder: Path,
    out: Path,
    *,
    organ: Path,
    pair: KeyAndCertificate | None = None,
    subject: str | None = None,
) -> ExportedMessage:
    """Write the findings in `folder` as an AVReport to `out`, and beside it what is missing.

    Errors: E303, E305 for the folder; E441 for the sender; E442 for the key; E444 for the disk.
    """
    findings = read_folder(folder)
    sender = _sender(findings, read_organ(_content(organ, MOST_ORGAN), str(organ)), subject)
    inside = [ip_network(one) for one in findings.manifest["options"]["inside"]]
    message, omitted = from_findings(
        findings.devices, _sightings(folder), sender=sender, inside=inside
    )
    if pair is None:
        content = unsigned(message)
    else:
        key, certificate = (_content(one, MOST_PEM) for one in (pair.key, pair.certificate))
        where = f"{pair.key}, {pair.certificate}"
        content = signed(
            message, key=key, certificates=certificate, passphrase=pair.passphrase, where=where
        )
    missing = (*([] if pair else [_("it is not signed")]), *gaps(message), *omitted.sentences())
    beside = out.with_name(f"{out.name}.missing.txt")
    listed = "".join(f"{one}\n" for one in missing).encode()
    write_set([(beside, listed), (out, content)], "E444")
    return ExportedMessage(out, beside, message, missing, pair is not None)


def read_file(
    path: Path, *, trust: Sequence[Path] = (), when: datetime | None = None
) -> AvReportReading:
    """Return the message in the file at `path`, judged as of `when` (aware; now).

    What is signed is read from the bytes that the signature covers, and from nothing else.
    Errors: E440 when it is no AVReport; E443 for the certificates; E444 when it cannot be read.
    """
    certificates = [
        one for file in trust for one in read_certificates(_content(file, MOST_PEM), str(file))
    ]
    data = _content(path, IN_MESSAGES.size)
    root = parse_message(data, str(path))
    signature = verify(data, root, certificates, datetime.now(UTC) if when is None else when)
    reader = MessageReader(str(path))
    message = reader.read(root if signature.covered is None else signature.covered)
    return AvReportReading(message, signature, tuple(reader.deviations()), tuple(gaps(message)))


def to_json(reading: AvReportReading) -> dict[str, Any]:
    """Return the reading for programs; what is not trusted says so first, with the reason."""
    message, signature = reading.message, reading.signature
    signer = signature.signer
    return {
        "format": "quetsach-avreport-reading/1",
        "trusted": reading.trusted,
        "reason": signature.reason or None,
        "signature": {
            "state": str(signature.state),
            "certificate": None if signer is None else vars(signer),
        },
        "from": dict(message.sender),
        "subject": message.subject,
        "product": message.product,
        "datetime": None
        if message.datetime is None
        else datetime.fromtimestamp(message.datetime, UTC).isoformat(),
        "machines": [{"ip": ip, "name": name} for ip, name in message.machines()],
        "rows": [
            {"group": one.group, "ip": one.ip, "name": one.name, **one.facts}
            for one in message.rows
        ],
        "not_updated_for_15_days": message.not_updated,
        "deviations": list(reading.deviations),
        "missing": list(reading.missing),
    }


def _sender(findings: Findings, organ: Mapping[str, str], subject: str | None) -> Sender:
    ends = [one["last"] for one in findings.coverage["sources"] if one["last"]]
    last = datetime.fromisoformat(max(ends, key=datetime.fromisoformat)) if ends else None
    title = _("Devices in touch with malicious addresses, from logs until %(when)s") % {
        "when": last.isoformat(timespec="minutes") if last else "?"
    }
    seconds = int(last.timestamp()) if last else None
    return Sender(organ, subject if subject is not None else title, seconds)


def _sightings(folder: Path) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(folder / SIGHTINGS) as file:
        for batch in file.iter_batches(columns=list(COLUMNS)):
            yield from batch.to_pylist()


def _content(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise QuetsachError("E444", str(path), reason=error.strerror or str(error)) from error


def export_avreport(
    folder: Path,
    out: Path,
    *,
    organ: Path,
    key: Path | None = None,
    cert: Path | None = None,
    passphrase: bytes | None = None,
    subject: str | None = None,
) -> ExportedMessage:
    """Write the findings in `folder` as an edXML AVReport, signed where a key is given.

    Errors: E303, E305, E441, E442, E444.
    """
    pair = (
        KeyAndCertificate(key, cert, passphrase) if key is not None and cert is not None else None
    )
    return export(folder, out, organ=organ, pair=pair, subject=subject)


def read_avreport(
    path: Path, *, trust: Sequence[Path] = (), when: datetime | None = None
) -> AvReportReading:
    """Return the AVReport at `path` with the verdict on its signature, as of `when` (aware; now).

    Errors: E440, E443, E444.
    """
    return read_file(path, trust=trust, when=when)
