"""The plain twin of judging a proof bundle: all of it in memory, each version with its figures."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.adding import misfit, mismatches
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.reading import form_json, read_form
from quetsach.forms.values import ChildContribution, ChildUse
from quetsach.forms.version import ReportVersionText, read_version


@dataclass(frozen=True)
class Told:
    """What a plain reading makes of a bundle's versions."""

    named: frozenset[str]
    missing: frozenset[str]
    recomputed: int
    unchecked: int
    fits: bool


def told_plainly(data: bytes, root: str, versions: int, forms: int) -> Told:
    """Return what is named, what of it is not there, how many totals could be added up again.

    `fits` says whether the lines, their sums and the end of the file are all as they should be.
    """
    lines = data.split(b"\n")
    body = lines[1 : 1 + versions]
    held: dict[str, ReportVersionText] = {}
    fits = len(lines) >= versions + forms + 3 and _is_closed(lines)
    for line in body:
        try:
            read = read_version(line)
        except QuetsachError:
            fits = False
            continue
        digest = hashlib.sha256(line).hexdigest()
        fits = fits and digest not in held
        held[digest] = read
    shown: dict[str, ReportFormDefinition] = {}
    for line in lines[1 + versions : 1 + versions + forms]:
        try:
            form = read_form(line, "")
        except QuetsachError:
            fits = False
            continue
        fits = fits and form_json(form) == line
        if form_json(form) == line:
            shown[hashlib.sha256(line).hexdigest()] = form
    recomputed = unchecked = 0
    for version in held.values():
        form_of = shown.get(version.form_digest)
        children = list(_children(version, held))
        if form_of is None or None in children:
            unchecked += 1
        else:
            recomputed += 1
            fits = fits and _adds_up(form_of, version, [one for one in children if one])
        for key, figure in version.figures.items():
            entry = None if form_of is None else form_of.entry(key)
            fits = fits and (entry is None or misfit(entry, figure) is None)
        for one in version.children:
            child = held.get(one.digest)
            said = (one.node, one.version, version.campaign, version.phase)
            fits = fits and (
                child is None or said == (child.node, child.number, child.campaign, child.phase)
            )
    named = _named(root, held)
    fits = fits and named >= held.keys() and root in held
    fits = fits and {version.form_digest for version in held.values()} >= shown.keys()
    return Told(named, named - held.keys(), recomputed, unchecked, fits)


def _is_closed(lines: list[bytes]) -> bool:
    whole = hashlib.sha256(b"".join(one + b"\n" for one in lines[:-2])).hexdigest()
    return lines[-2:] == [b'{"sha256":"' + whole.encode() + b'"}', b""]


def _adds_up(
    form: ReportFormDefinition, version: ReportVersionText, children: list[ChildContribution]
) -> bool:
    try:
        return not mismatches(form, version.figures, children)
    except QuetsachError:
        return False


def _children(
    version: ReportVersionText, held: dict[str, ReportVersionText]
) -> Iterator[ChildContribution | None]:
    for one in version.children:
        child = held.get(one.digest)
        if child is None and one.used is not ChildUse.EXCLUDED:
            yield None
            continue
        yield ChildContribution(
            one.node,
            one.name,
            one.version,
            one.digest,
            {} if child is None else child.figures,
            one.used,
            one.reason,
            None if child is None else child.created_at,
        )


def _named(root: str, held: dict[str, ReportVersionText]) -> frozenset[str]:
    found, todo = {root}, [root]
    while todo:
        version = held.get(todo.pop())
        if version is None:
            continue
        before = [] if version.previous is None else [version.previous]
        fresh = {*(one.digest for one in version.children), *before} - found
        found |= fresh
        todo += fresh
    return frozenset(found)
