"""Verifying a proof bundle: what fits, what is missing, what was changed or adds up wrong."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from io import BytesIO
from typing import BinaryIO

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.adding import misfit, mismatches
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.proof_bundle import BundleFrame, VersionOutline, figures_at, scan, take_version
from quetsach.forms.values import (
    ChildContribution,
    ChildUse,
    Mismatch,
    SummedFigure,
    format_number,
    format_value,
)
from quetsach.forms.version import Input, ReportVersionText, code_of
from quetsach.signing.keys import PublicKey
from quetsach.signing.signature import SignableFile, SignatureVerdict, SignedKind, judge
from quetsach.texts import _, language


class BundleFit(StrEnum):
    """How one version that a bundle names fits into it."""

    FITS = "fits"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class BundledVersion:
    """One version that a bundle names: whose, which, its digest, and whether it fits."""

    node: str
    name: str
    version: int
    digest: str
    fit: BundleFit


@dataclass(frozen=True)
class BundleVerification:
    """What a bundle proves. `faults` are sentences on what was changed or does not add up.

    Shapes: `root` is None where the bundle does not hold it; `recomputed` counts the versions whose
    figures were added up again, `unchecked` those of which a part is not there; `keyed` says that
    a signature by a trusted key was required.
    """

    root: ReportVersionText | None
    form: ReportFormDefinition | None
    digest: str
    held: tuple[BundledVersion, ...]
    faults: tuple[str, ...]
    recomputed: int
    unchecked: int
    seal: SignatureVerdict
    keyed: bool = False

    @property
    def lacks_signature(self) -> bool:
        """Whether a signature by a trusted key was required, and there is none."""
        return self.keyed and not any(one.trusted for one in self.seal.signers)

    @property
    def code(self) -> str:
        """The 16 hex digits printed on the paper of the root."""
        return code_of(self.digest)

    @property
    def missing(self) -> tuple[BundledVersion, ...]:
        """The versions that it names and does not hold."""
        return tuple(one for one in self.held if one.fit is BundleFit.MISSING)

    @property
    def changed(self) -> tuple[BundledVersion, ...]:
        """The versions that differ from the ones named."""
        return tuple(one for one in self.held if one.fit is BundleFit.CHANGED)

    @property
    def exit_code(self) -> int:
        """0 all fits, 1 something was changed or does not add up, 3 something is not there."""
        if self.faults or self.changed:
            return 1
        incomplete = self.missing or self.unchecked or self.form is None
        return 3 if incomplete or self.lacks_signature else 0


def verify_bundle(
    data: bytes, trusted: Sequence[PublicKey] = (), code: str | None = None
) -> BundleVerification:
    """Return what fits in a bundle at hand, as `verify_file` does."""
    return verify_file(BytesIO(data), trusted, code)


def verify_file(
    file: BinaryIO, trusted: Sequence[PublicKey] = (), code: str | None = None
) -> BundleVerification:
    """Return what fits in a bundle, what is missing and what was changed.

    Shapes: `file` can be read anywhere. `code` is the code on the paper, blanks and case do not
    matter; the bundle of another report does not fit it.
    Errors: E454 when it is no bundle, or changes while it is read.
    Cost: each version's figures are read twice, those of reports with others below them more often;
    memory for the references between versions, and for the figures of one report's children.
    """
    frame = scan(file)
    bundle = _Bundle(file, frame.root, frame.forms)
    own_faults = _read_each(bundle, frame)
    named_versions = tuple(_named_versions(bundle))
    faults = [*frame.cut, *bundle.faults, *frame.faults, *_strangers(bundle, named_versions)]
    recomputed, unchecked = 0, 0
    for digest, version in bundle.versions.items():
        faults += _of_inputs(version, bundle)
        faults += own_faults.get(digest, ())
        form = bundle.forms.get(version.form_digest)
        children = _children(version, bundle) if form is not None else None
        if children is None or form is None:
            unchecked += 1
            continue
        recomputed += 1
        if children:
            faults += _of_sums(version, form, figures_at(file, version.place), children)
    if code is not None and code_of(bundle.root) != "".join(code.split()).lower():
        faults.append(_("it is the proof of another report than the code on the paper names"))
    root = bundle.whole_root
    form = None if root is None else bundle.forms.get(root.form_digest)
    seal = judge(SignableFile(SignedKind.FILE, frame.signed_digest, frame.signatures), trusted)
    faults += seal.faults
    return BundleVerification(
        root,
        form,
        bundle.root,
        named_versions,
        tuple(faults),
        recomputed,
        unchecked,
        seal,
        bool(trusted),
    )


@dataclass
class _Bundle:
    """What is kept of a bundle during verification: the outlines of its versions, and its forms."""

    file: BinaryIO
    root: str
    forms: Mapping[str, ReportFormDefinition]
    versions: dict[str, VersionOutline] = field(default_factory=dict)
    whole_root: ReportVersionText | None = None
    faults: list[str] = field(default_factory=list)


def _read_each(bundle: _Bundle, frame: BundleFrame) -> dict[str, list[str]]:
    """Fill `bundle.versions`; return the faults of each version by digest, without its children."""
    faults_by_digest: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    for number, place in enumerate(frame.versions, 2):
        parsed = take_version(bundle.file, place, number, bundle.faults)
        if parsed is None:
            continue
        version, outline = parsed
        if place.digest in bundle.versions:
            bundle.faults.append(_("line %(number)s is duplicated") % {"number": number})
        bundle.versions[place.digest] = _sharing(outline, kept)
        if place.digest == bundle.root:
            bundle.whole_root = version
        form = bundle.forms.get(version.form_digest)
        wrong = list(_of_itself(version, form))
        if form is not None and not version.children:
            wrong += _of_sums(outline, form, version.figures, ())
        if wrong:
            faults_by_digest[place.digest] = wrong
    return faults_by_digest


def _sharing(outline: VersionOutline, kept: dict[str, str]) -> VersionOutline:
    """Return `outline` with equal texts shared in memory."""

    def one(text: str) -> str:
        return kept.setdefault(text, text)

    return replace(
        outline,
        place=replace(outline.place, digest=one(outline.place.digest)),
        form_digest=one(outline.form_digest),
        campaign=one(outline.campaign),
        node=one(outline.node),
        unit=one(outline.unit),
        previous=None if outline.previous is None else one(outline.previous),
        children=tuple(
            replace(child, node=one(child.node), name=one(child.name), digest=one(child.digest))
            for child in outline.children
        ),
    )


def _named_versions(bundle: _Bundle) -> Iterator[BundledVersion]:
    """Yield each version that is named, the root first, then in the order of naming."""
    root = bundle.versions.get(bundle.root)
    top = _("the report itself")
    if root is None:
        yield BundledVersion("", top, 0, bundle.root, BundleFit.CHANGED)
        return
    yield BundledVersion(root.node, root.unit, root.number, bundle.root, BundleFit.FITS)
    visited = {bundle.root}
    todo = deque([root])
    stood = {(version.node, version.number) for version in bundle.versions.values()}
    while todo:
        version = todo.popleft()
        for named in _named(version):
            if named.digest in visited:
                continue
            visited.add(named.digest)
            present = bundle.versions.get(named.digest)
            if present is not None:
                todo.append(present)
                yield BundledVersion(
                    named.node, named.name, named.version, named.digest, BundleFit.FITS
                )
                continue
            other = (named.node, named.version) in stood
            fit = BundleFit.CHANGED if other else BundleFit.MISSING
            yield BundledVersion(named.node, named.name, named.version, named.digest, fit)


@dataclass(frozen=True, slots=True)
class _Named:
    node: str
    name: str
    version: int
    digest: str


def _named(version: VersionOutline) -> Iterator[_Named]:
    for one in version.children:
        yield _Named(one.node, one.name, one.version, one.digest)
    if version.previous is not None:
        yield _Named(version.node, version.unit, version.number - 1, version.previous)


def _strangers(bundle: _Bundle, held: Sequence[BundledVersion]) -> Iterator[str]:
    named = {one.digest for one in held}
    for digest, version in bundle.versions.items():
        if digest not in named:
            yield _(
                "%(unit)s, version %(number)s: nothing in the report names it as it is here"
            ) % {
                "unit": version.unit,
                "number": version.number,
            }
    used = {version.form_digest for version in bundle.versions.values()}
    if any(digest not in used for digest in bundle.forms):
        yield _("it contains a form that no report in it uses")


def _of_inputs(version: VersionOutline, bundle: _Bundle) -> Iterator[str]:
    for child_input in version.children:
        child = bundle.versions.get(child_input.digest)
        if child is not None and not _is_said(child_input, child, version):
            yield _("%(unit)s names version %(number)s of %(child)s, which is another report") % {
                "unit": version.unit,
                "number": child_input.version,
                "child": child_input.name,
            }
    before = None if version.previous is None else bundle.versions.get(version.previous)
    if before is not None and (before.node, before.number) != (version.node, version.number - 1):
        yield _("%(unit)s: the version named as the one before %(number)s is another one") % {
            "unit": version.unit,
            "number": version.number,
        }


def _is_said(one: Input, child: VersionOutline, parent: VersionOutline) -> bool:
    said = (one.node, one.version, parent.campaign, parent.phase)
    return said == (child.node, child.number, child.campaign, child.phase)


def _children(version: VersionOutline, bundle: _Bundle) -> list[ChildContribution] | None:
    """Return the children with their figures, None where one that was used is not there."""
    used = [
        child_input.digest
        for child_input in version.children
        if child_input.used is not ChildUse.EXCLUDED
    ]
    if not bundle.versions.keys() >= set(used):
        return None
    contributions = []
    for child_input in version.children:
        child = bundle.versions.get(child_input.digest)
        is_needed = child is not None and child_input.used is not ChildUse.EXCLUDED
        figures = figures_at(bundle.file, child.place) if child and is_needed else {}
        created = None if child is None else child.created_at
        contributions.append(
            ChildContribution(
                child_input.node,
                child_input.name,
                child_input.version,
                child_input.digest,
                figures,
                child_input.used,
                child_input.reason,
                created,
            )
        )
    return contributions


def _of_itself(version: ReportVersionText, form: ReportFormDefinition | None) -> Iterator[str]:
    """Yield the figures that do not fit themselves; nothing below is needed to see it."""
    for key, figure in version.figures.items():
        field = None if form is None else form.entry(key)
        sums = None if field is None else misfit(field, figure)
        if field is not None and sums is not None:
            yield _(
                "%(unit)s, version %(number)s: %(label)s is %(stored)s, but its stated parts "
                "make %(computed)s"
            ) % {
                "unit": version.unit,
                "number": version.number,
                "label": field.label.of(language()),
                "stored": format_number(sums[0]),
                "computed": format_number(sums[1]),
            }


def _of_sums(
    version: VersionOutline,
    form: ReportFormDefinition,
    figures: Mapping[str, SummedFigure],
    children: Sequence[ChildContribution],
) -> Iterator[str]:
    try:
        wrong = mismatches(form, figures, children)
    except QuetsachError as error:
        yield f"{version.unit}: {error.problem.what()}"
        return
    for mismatch in wrong:
        field = form.entry(mismatch.field)
        if field is not None and misfit(field, mismatch.stored) is not None:
            continue  # Already reported: the figure does not even match its own parts.
        if mismatch.stored.total == mismatch.computed.total:
            yield _(
                "%(unit)s, version %(number)s: %(label)s is %(stored)s, but its parts differ "
                "from those stated"
            ) % {
                "unit": version.unit,
                "number": version.number,
                "label": _label(mismatch, form),
                "stored": format_value(mismatch.stored.total),
            }
            continue
        yield _(
            "%(unit)s, version %(number)s: %(label)s is %(stored)s, its parts make %(computed)s"
        ) % {
            "unit": version.unit,
            "number": version.number,
            "label": _label(mismatch, form),
            "stored": format_value(mismatch.stored.total),
            "computed": format_value(mismatch.computed.total),
        }


def _label(wrong: Mismatch, form: ReportFormDefinition) -> str:
    entry = form.entry(wrong.field)
    return wrong.field if entry is None else entry.label.of(language())
