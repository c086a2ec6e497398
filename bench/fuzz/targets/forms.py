"""Report forms, versions, proof bundles and filled workbooks; findings folders; exams."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.fuzz.as_file import by_path, fresh_folder
from bench.fuzz.mutation import mutated_any, mutated_bytes, mutated_json, mutated_text
from bench.fuzz.packed_mutation import mutated_zip
from bench.fuzz.samples import files_in, texts_in
from bench.fuzz.target import FuzzTarget
from quetsach.documents.workbooks import layout, reading
from quetsach.exams import receipts, truth
from quetsach.exams.drawing import draw_exam
from quetsach.findings import alive, folder, lookups, shape, signed
from quetsach.forms import definition, flaws, proof_bundle, proving, value_json, version
from quetsach.forms import reading as form_reading
from tests.documents.workbooks import workbooks
from tests.exams.test_drawing import MACHINES, SEED, WISHES
from tests.forms import proved
from tests.sweeping.evidence import HEADER, conn, swept, write

_KEY = workbooks.KEY


def form_targets() -> list[FuzzTarget]:
    """Return a target for each file that reports, findings and exams are kept in."""
    return [*_of_reports(), *_of_findings()]


def _of_reports() -> list[FuzzTarget]:
    return [
        FuzzTarget(
            "form.definition",
            lambda content: form_reading.read_form(content, "a.toml"),
            lambda: files_in("src/quetsach/forms/shipped", suffixes=(".toml",)),
            (form_reading, definition, flaws),
            mutated_text,
        ),
        FuzzTarget(
            "form.definition-json",
            lambda content: form_reading.read_form(content, "a.json"),
            lambda: [form_reading.form_json(proved.FORM)],
            (form_reading, flaws),
            mutated_json,
        ),
        FuzzTarget(
            "form.version",
            version.read_version,
            lambda: [version.version_json(proved.version("a", 3))],
            (version, value_json),
            mutated_json,
        ),
        FuzzTarget(
            "form.bundle",
            proving.verify_bundle,
            lambda: [proved.whole()],
            (proof_bundle, proving),
            mutated_any,
        ),
        FuzzTarget(
            "form.bundle-lines",
            lambda content: proof_bundle.scan(BytesIO(content)),
            lambda: [proved.whole()],
            (proof_bundle,),
            mutated_bytes,
        ),
        FuzzTarget(
            "form.workbook",
            _read_workbook,
            lambda: [workbooks.made(), workbooks.filled({workbooks.PEOPLE: 7})],
            (reading, layout),
            mutated_zip,
        ),
    ]


def _read_workbook(content: bytes) -> None:
    opened = reading.open_workbook(content, "a.xlsx", key=_KEY)
    opened.filled(workbooks.FORM, workbooks.HEAD)


@cache
def _swept() -> dict[str, bytes]:
    """Return the files of findings of two devices."""
    log = HEADER + "".join(
        conn(number, f"10.0.0.{number + 5}", "203.0.113.77") for number in (0, 1)
    )
    with TemporaryDirectory() as place:
        swept(Path(place), write(Path(place) / "conn.log", log))
        paths = sorted((Path(place) / "findings").iterdir())
        return {path.name: path.read_bytes() for path in paths if path.is_file()}


def _in_folder(name: str, read: Callable[[Path], object], content: bytes) -> None:
    """Read findings whose file `name` is damaged, with the digests that fit, as a cheat would."""
    place = fresh_folder()
    files = {**_swept(), name: content}
    if name != "manifest.json":
        with suppress(ValueError):
            manifest = msgspec.json.decode(files["manifest.json"])
            manifest["files"][name] = hashlib.sha256(content).hexdigest()
            files["manifest.json"] = msgspec.json.encode(manifest)
    for path, kept in files.items():
        (place / path).write_bytes(kept)
    read(place)


def _examine(place: Path) -> None:
    try:
        signed.read_signed(place)
    finally:
        folder.read_folder(place)
        shape.examine_findings(place)


def _look_up(place: Path) -> None:
    lookups.device_in(place, "10.0.0.5")
    for read in (alive.read_alive, alive.read_alive_days):
        for _row in read(place) or ():
            pass
    shape.examine_findings(place)


def _of_findings() -> list[FuzzTarget]:
    def of(name: str, read: Callable[[Path], object] = _examine) -> FuzzTarget:
        return FuzzTarget(
            f"findings.{name.partition('.')[0]}",
            partial(_in_folder, name, read),
            lambda: [_swept()[name]],
            (folder, shape, signed, lookups),
            mutated_bytes if name.endswith(".parquet") else mutated_json,
        )

    return [
        *map(of, ("manifest.json", "devices.json", "coverage.json", "rejects.json")),
        of("sightings.parquet"),
        of("alive.parquet", _look_up),
        FuzzTarget(
            "exam.truth",
            _open_truth,
            lambda: [truth.truth_bytes(draw_exam(MACHINES, WISHES, SEED))],
            (truth,),
            mutated_any,
        ),
        FuzzTarget(
            "exam.receipt",
            by_path(receipts._read, "receipt.json"),
            lambda: texts_in("exams/test_receipts.py", least=30),
            (receipts,),
            mutated_any,
        ),
    ]


def _open_truth(content: bytes) -> None:
    place = fresh_folder()
    (place / truth.TRUTH).write_bytes(content)
    (place / truth.COMMITMENT).write_text(truth.commitment_of(content), encoding="ascii")
    truth.open_truth(place)
