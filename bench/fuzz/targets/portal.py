"""The portal's readers of uploads, of what its sandboxes answer, and of files beside it.

None of them has a database; whole pages are asked by tests/portal/access.
"""

from datetime import date
from io import BytesIO

import msgspec

from bench.fuzz.mutation import mutated_any, mutated_bytes, mutated_json, mutated_text
from bench.fuzz.packed_mutation import mutated_pdf, mutated_stream, mutated_zip
from bench.fuzz.samples import files_in, texts_in
from bench.fuzz.target import FuzzTarget
from bench.fuzz.targets import packed, papers
from quetsach_portal.audit import anchors
from quetsach_portal.campaigns import report_form
from quetsach_portal.files import checking, inspection, pictures, quarantine, sniff
from quetsach_portal.files.kinds import ABOUT, RULES, FileKind
from quetsach_portal.intake import sandboxed, tracing
from quetsach_portal.publishing import counts
from quetsach_portal.register import geojson
from quetsach_portal.reports.verification import codes
from quetsach_portal.units.register_file import read as register
from quetsach_portal.web.acts import Refused
from tests.portal.files import samples
from tests.readers import samples as paper_samples

_DAY = date(2026, 9, 1)
_SQUARE = [[105.0, 10.0], [105.1, 10.0], [105.1, 10.1], [105.0, 10.1], [105.0, 10.0]]


def portal_targets() -> list[FuzzTarget]:
    """Return a target for each purpose of an upload, and for each reader of the portal."""
    return [*(_of_purpose(purpose) for purpose in RULES), *_of_files(), *_of_answers()]


def _uploads() -> list[bytes]:
    return [
        *(samples.document(), samples.workbook(), samples.spreadsheet(), samples.pdf()),
        *(samples.picture(), samples.picture("PNG"), samples.photo_with_place()),
        *(samples.zipped({"a.log": b"a"}), samples.tarred({"a.log": b"a"})),
        *(packed._streams()[0], b"ts\tuid\n1\t2\n" * 9, b'{"a":1}\n' * 9),
        *(b"<html><body>a", b"RIFF\x10\0\0\0WAVEfmt ", b"ID3\x03\0\0", b"OggS\0\x02"),
    ]


def _mutated_upload(content: bytes, others, chance) -> bytes:  # type: ignore[no-untyped-def]
    if content.startswith(b"PK"):
        return mutated_zip(content, others, chance)
    if content.startswith(b"%PDF"):
        return mutated_pdf(content, others, chance)
    return mutated_stream(content, others, chance)


def _of_purpose(purpose: str) -> FuzzTarget:
    def read(content: bytes) -> None:
        kind = sniff.kind_of_start(content[:4096])
        ending = next(iter(ABOUT[kind].endings), ".log")
        checking.check(BytesIO(content), name=f"a{ending}", rules=RULES[purpose])

    return FuzzTarget(
        f"upload.{purpose}",
        read,
        _uploads,
        (checking, inspection, sniff, quarantine),
        _mutated_upload,
        (Refused,),
    )


def _of_files() -> list[FuzzTarget]:
    def picture(kind: FileKind, form: str) -> FuzzTarget:
        return FuzzTarget(
            f"upload.picture-{form.lower()}",
            lambda content: pictures.clean_picture(BytesIO(content), kind),
            lambda: (
                [samples.picture(form), samples.photo_with_place()]
                if form == "JPEG"
                else [samples.picture(form)]
            ),
            (pictures,),
            mutated_bytes,
            (Refused,),
        )

    return [
        picture(FileKind.JPEG, "JPEG"),
        picture(FileKind.PNG, "PNG"),
        FuzzTarget(
            "portal.geojson",
            geojson.read_geojson,
            lambda: [_geojson(), *texts_in("portal/register/test_geojson.py")],
            (geojson,),
            mutated_json,
        ),
        FuzzTarget(
            "portal.register",
            lambda content: register.read_register(content, "a.csv"),
            lambda: texts_in("portal/units/register_file"),
            (register,),
            mutated_text,
            (Refused,),
        ),
        FuzzTarget(
            "portal.register-book",
            lambda content: register.read_register(content, "a.xlsx"),
            lambda: [paper_samples.workbook({"A": [["Mã đơn vị", "Tên đơn vị"], ["H99", "Sở"]]})],
            (register,),
            mutated_zip,
            (Refused,),
        ),
        FuzzTarget(
            "portal.own-form",
            lambda content: report_form.brought(content, "a.toml"),
            lambda: files_in("src/quetsach/forms/shipped", suffixes=(".toml",)),
            (report_form,),
            mutated_text,
            (Refused,),
        ),
        FuzzTarget(
            "portal.counts",
            lambda content: counts.counts_in(content, _DAY),
            lambda: texts_in("portal/publishing/test_counts.py", least=30),
            (counts,),
            mutated_json,
            (counts.RefusedCounts,),
        ),
        FuzzTarget(
            "portal.anchors",
            anchors.read_anchors,
            lambda: [_anchor(), *texts_in("portal/audit", least=60)],
            (anchors,),
            mutated_any,
        ),
        FuzzTarget(
            "portal.code-in-pdf",
            codes.text_of,
            papers._pdfs,
            (codes,),
            mutated_pdf,
        ),
    ]


def _anchor() -> bytes:
    fields = {
        field.name: "a" if field.type is str else 1
        for field in msgspec.structs.fields(anchors.Anchor)
    }
    return msgspec.json.encode({**fields, "at": "2026-09-01T08:00:00+07:00"})


def _geojson() -> bytes:
    feature = {
        "type": "Feature",
        "properties": {"code": "H99"},
        "geometry": {"type": "Polygon", "coordinates": [_SQUARE]},
    }
    return msgspec.json.encode({"type": "FeatureCollection", "features": [feature]})


def _of_answers() -> list[FuzzTarget]:
    return [
        FuzzTarget(
            "portal.sweep-answer",
            sandboxed.believed,
            lambda: [msgspec.json.encode(sandboxed.refusal("H203", reason="a"))],
            (sandboxed,),
            mutated_json,
        ),
        FuzzTarget(
            "portal.trace-answer",
            lambda content: tracing.answer_of(tracing.decoded(content)),
            lambda: texts_in("portal/intake/test_tracing.py", least=20),
            (tracing,),
            mutated_json,
            (tracing.UnreadableTrace,),
        ),
    ]
