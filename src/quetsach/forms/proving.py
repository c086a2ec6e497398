"""What a proof bundle proves: what fits, what is missing, what was changed or adds up wrong."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quetsach.errors import QuetsachError
from quetsach.forms.again import mismatches
from quetsach.forms.coherent import misfit
from quetsach.forms.definition import Form
from quetsach.forms.figure import Child, Mismatch, Used
from quetsach.forms.numbers import shown, shown_value
from quetsach.forms.proof_lines import Bundle, read_bundle
from quetsach.forms.version import Input, Version, code_of
from quetsach.signing.judge import Sealed, Verdict, judge
from quetsach.signing.keys import PublicKey
from quetsach.signing.signature import Kind
from quetsach.texts import _, language


class Fit(StrEnum):
    """What can be said of one version that a bundle names."""

    FITS = "fits"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True)
class Held:
    """One version that a bundle names: whose, which, its digest, and whether it fits."""

    node: str
    name: str
    version: int
    digest: str
    fit: Fit


@dataclass(frozen=True)
class Verified:
    """What a bundle proves. `faults` are sentences on what was changed or does not add up.

    Shapes: `root` is None where the bundle does not hold it; `recomputed` counts the versions whose
    figures were added up again, `unchecked` those of which a part is not there.
    """

    root: Version | None
    form: Form | None
    digest: str
    held: tuple[Held, ...]
    faults: tuple[str, ...]
    recomputed: int
    unchecked: int
    seal: Verdict

    @property
    def code(self) -> str:
        """The 16 hex digits that stand on the paper of the root."""
        return code_of(self.digest)

    @property
    def missing(self) -> tuple[Held, ...]:
        """The versions that it names and does not hold."""
        return tuple(one for one in self.held if one.fit is Fit.MISSING)

    @property
    def changed(self) -> tuple[Held, ...]:
        """The versions that it holds otherwise than they are named."""
        return tuple(one for one in self.held if one.fit is Fit.CHANGED)

    @property
    def exit_code(self) -> int:
        """0 all fits, 1 something was changed or does not add up, 3 a part is not there."""
        if self.faults or self.changed:
            return 1
        return 3 if self.missing or self.unchecked or self.form is None else 0


def verify_bundle(
    data: bytes, trusted: Sequence[PublicKey] = (), code: str | None = None
) -> Verified:
    """Return what fits in a bundle, what is missing and what was changed.

    Shapes: `code` is what stands on the paper, blanks and case do not matter; the bundle of another
    report does not fit it. Errors: E454 when it is no bundle.
    """
    bundle = read_bundle(data)
    held = tuple(_held(bundle))
    recomputed, unchecked = 0, 0
    faults = [*bundle.faults, *_strangers(bundle, held)]
    for version in bundle.versions.values():
        faults += _of_inputs(version, bundle)
        faults += _of_itself(version, bundle.forms.get(version.form_digest))
        children = _children(version, bundle)
        form = bundle.forms.get(version.form_digest)
        if children is None or form is None:
            unchecked += 1
            continue
        recomputed += 1
        faults += _of_sums(version, form, children)
    if code is not None and code_of(bundle.root) != "".join(code.split()).lower():
        faults.append(_("it is the proof of another report than the code on the paper names"))
    root = bundle.versions.get(bundle.root)
    form = None if root is None else bundle.forms.get(root.form_digest)
    seal = judge(Sealed(Kind.FILE, bundle.signed_digest, bundle.signatures), trusted)
    faults += seal.faults
    return Verified(root, form, bundle.root, held, tuple(faults), recomputed, unchecked, seal)


def _held(bundle: Bundle) -> Iterator[Held]:
    """Yield each version that is named, the root first, then in the order of naming."""
    root = bundle.versions.get(bundle.root)
    top = _("the report itself")
    if root is None:
        yield Held("", top, 0, bundle.root, Fit.CHANGED)
        return
    yield Held(root.node, root.unit, root.number, bundle.root, Fit.FITS)
    seen = {bundle.root}
    todo = deque([root])
    stood = {(one.node, one.number) for one in bundle.versions.values()}
    while todo:
        version = todo.popleft()
        for named in _named(version):
            if named.digest in seen:
                continue
            seen.add(named.digest)
            found = bundle.versions.get(named.digest)
            if found is not None:
                todo.append(found)
                yield Held(named.node, named.name, named.version, named.digest, Fit.FITS)
                continue
            other = (named.node, named.version) in stood
            fit = Fit.CHANGED if other else Fit.MISSING
            yield Held(named.node, named.name, named.version, named.digest, fit)


@dataclass(frozen=True)
class _Named:
    node: str
    name: str
    version: int
    digest: str


def _named(version: Version) -> Iterator[_Named]:
    for one in version.children:
        yield _Named(one.node, one.name, one.version, one.digest)
    if version.previous is not None:
        yield _Named(version.node, version.unit, version.number - 1, version.previous)


def _strangers(bundle: Bundle, held: Sequence[Held]) -> Iterator[str]:
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
        yield _("it holds a form that no report in it was made by")


def _of_inputs(version: Version, bundle: Bundle) -> Iterator[str]:
    for one in version.children:
        child = bundle.versions.get(one.digest)
        if child is not None and not _is_said(one, child, version):
            yield _("%(unit)s names version %(number)s of %(child)s, which is another report") % {
                "unit": version.unit,
                "number": one.version,
                "child": one.name,
            }
    before = None if version.previous is None else bundle.versions.get(version.previous)
    if before is not None and (before.node, before.number) != (version.node, version.number - 1):
        yield _("%(unit)s: what is named as the version before %(number)s is not that") % {
            "unit": version.unit,
            "number": version.number,
        }


def _is_said(one: Input, child: Version, parent: Version) -> bool:
    said = (one.node, one.version, parent.campaign, parent.phase)
    return said == (child.node, child.number, child.campaign, child.phase)


def _children(version: Version, bundle: Bundle) -> list[Child] | None:
    """Return the children with their figures, None where one that was used is not there."""
    found = []
    for one in version.children:
        child = bundle.versions.get(one.digest)
        if child is None and one.used is not Used.EXCLUDED:
            return None
        figures = {} if child is None else child.figures
        made = None if child is None else child.created_at
        found.append(
            Child(one.node, one.name, one.version, one.digest, figures, one.used, one.reason, made)
        )
    return found


def _of_itself(version: Version, form: Form | None) -> Iterator[str]:
    """Yield the figures that do not fit themselves; nothing below is needed to see it."""
    for key, figure in version.figures.items():
        entry = None if form is None else form.entry(key)
        found = None if entry is None else misfit(entry, figure)
        if entry is not None and found is not None:
            yield _(
                "%(unit)s, version %(number)s: %(label)s is %(stored)s, what it says of it makes "
                "%(computed)s"
            ) % {
                "unit": version.unit,
                "number": version.number,
                "label": entry.label.of(language()),
                "stored": shown(found[0]),
                "computed": shown(found[1]),
            }


def _of_sums(version: Version, form: Form, children: Sequence[Child]) -> Iterator[str]:
    try:
        wrong = mismatches(form, version.figures, children)
    except QuetsachError as error:
        yield f"{version.unit}: {error.problem.what()}"
        return
    for one in wrong:
        entry = form.entry(one.field)
        if entry is not None and misfit(entry, one.stored) is not None:
            continue  # It was told already: it does not even fit itself.
        if one.stored.total == one.computed.total:
            yield _(
                "%(unit)s, version %(number)s: %(label)s is %(stored)s, but its parts are not "
                "what is written of them"
            ) % {
                "unit": version.unit,
                "number": version.number,
                "label": _label(one, form),
                "stored": shown_value(one.stored.total),
            }
            continue
        yield _(
            "%(unit)s, version %(number)s: %(label)s is %(stored)s, its parts make %(computed)s"
        ) % {
            "unit": version.unit,
            "number": version.number,
            "label": _label(one, form),
            "stored": shown_value(one.stored.total),
            "computed": shown_value(one.computed.total),
        }


def _label(wrong: Mismatch, form: Form) -> str:
    entry = form.entry(wrong.field)
    return wrong.field if entry is None else entry.label.of(language())
