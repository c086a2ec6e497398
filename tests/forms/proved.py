"""A small tree of reports, and the proof bundle of its root."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from quetsach.forms.adding import add_up
from quetsach.forms.proof_bundle import write_bundle
from quetsach.forms.proving import BundleVerification
from quetsach.forms.reading import form_digest, shipped_form
from quetsach.forms.value_json import canonical
from quetsach.forms.values import (
    Adjustment,
    ChildContribution,
    FigureGrade,
    GradedCount,
    OwnValue,
    TextValue,
)
from quetsach.forms.version import (
    FormVersionKind,
    Input,
    ReportVersionText,
    digest_of,
)

FORM = shipped_form("phu-luc-2022")
PEOPLE = "people_took_part"
NOON = datetime(2026, 9, 28, 12, 0, tzinfo=UTC)


def version(
    node: str, people: int, children: tuple[ReportVersionText, ...] = (), **more: object
) -> ReportVersionText:
    own = {
        PEOPLE: OwnValue(GradedCount(people, FigureGrade.DECLARED)),
        "organisations_informed": OwnValue(
            GradedCount(1, FigureGrade.MEASURED), organisations=frozenset({node})
        ),
        "proposals": OwnValue(TextValue(f"Đề nghị của {node}", FigureGrade.DECLARED)),
    }
    used = [
        ChildContribution(
            one.node, one.unit, one.number, digest_of(one), one.figures, at=one.created_at
        )
        for one in children
    ]
    adjustments = {PEOPLE: Adjustment(-1, "trùng")} if children else {}
    made = ReportVersionText(
        form=FORM.code,
        form_version=FORM.version,
        form_digest=form_digest(FORM),
        campaign="17",
        phase=1,
        node=node,
        unit=f"Đơn vị {node}",
        number=1,
        kind=FormVersionKind.ORIGINAL,
        previous=None,
        tree_revision=1,
        created_at=NOON,
        figures=add_up(FORM, own, used, adjustments),
        children=tuple(
            Input(one.node, one.name, one.version, one.digest, one.used, one.reason) for one in used
        ),
        missing=("Đơn vị vắng",) if children else (),
    )
    return replace(made, **more)


FIRST = version("a", 4)
A = version("a", 5, number=2, kind=FormVersionKind.CORRECTION, previous=digest_of(FIRST))
B = version("b", 7)
COMMUNE = version("commune", 10, (A, B))
OTHER = version("other", 20)
ROOT = version("root", 30, (COMMUNE, OTHER))
ALL = (COMMUNE, OTHER, A, B, FIRST)


def whole() -> bytes:
    return write_bundle(ROOT, ALL, (FORM,))


def rewritten(data: bytes, change) -> bytes:
    """Return the bundle with its lines changed and its last line made to fit again."""
    lines = change(data.split(b"\n")[:-2])
    body = b"".join(line + b"\n" for line in lines)
    return body + canonical({"sha256": hashlib.sha256(body).hexdigest()}) + b"\n"


def is_good(found: BundleVerification) -> bool:
    return found.exit_code == 0
