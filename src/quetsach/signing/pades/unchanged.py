"""Whether a signed PDF is the original with nothing but signatures appended.

Signing programs append their signature to the bytes of the file. The first one also adds the list
of the form's fields, or a picture on the page. What is allowed is listed here; all else counts as
changed, whoever signed it.
"""

from collections.abc import Iterator
from typing import Any

from quetsach.signing.pades.rendered import Box, drawn_difference
from quetsach.signing.pades.sign import UNREADABLE, opened
from quetsach.signing.pades.state import PdfDifference

_MAY_CHANGE = frozenset({"/AcroForm", "/Extensions", "/Version", "/Metadata", "/DSS"})
"""Of the catalog; anything else there acts when the file is opened, or leads to other pages."""

_A4 = 595 * 842
"""In points; every page of our documents has this size."""

_MOST_OF_PAGE = 0.2
"""How much of a page all signatures may cover; a seal with its signature takes a twentieth."""


def changed_since(original: bytes, current: bytes) -> bool:
    """Tell whether `current` is anything but `original` with signatures appended.

    Errors: E472 when one of the two is no PDF that can be read.
    """
    return difference_since(original, current) is not None


def difference_since(original: bytes, current: bytes) -> PdfDifference | None:
    """Return why `current` is not `original` with signatures appended; None where it is.

    What draws on, moves or replaces anything on a page counts as changed, also when a signature
    covers it. The pages are compared as pictures, too (`rendered.py`).
    Errors: E472 when one of the two is no PDF that can be read.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
    from pyhanko.sign.diff_analysis.policy_api import SuspiciousModification

    if current == original:
        return None
    if not current.startswith(original):
        return PdfDifference.CHANGED
    reader = opened(current, "PDF").reader
    base = opened(original, "PDF").reader.total_revisions - 1
    try:
        if _first_brought_more(reader, base) or _pages_have_more(reader, base):
            return PdfDifference.CHANGED
        change = DEFAULT_DIFF_POLICY.review_file(reader, base + 1)
    except (PdfError, *UNREADABLE):
        return PdfDifference.CHANGED
    if isinstance(change, SuspiciousModification):
        return PdfDifference.CHANGED
    if change.modification_level > ModificationLevel.FORM_FILLING:
        return PdfDifference.CHANGED
    try:
        return drawn_difference(original, current, _pictures(reader, base))
    except (PdfError, *UNREADABLE):
        return PdfDifference.CHANGED


def _first_brought_more(reader: Any, base: int) -> bool:
    """Tell whether the revision after `base` has more than a signature needs."""
    if reader.total_revisions <= base + 1:
        return True
    old = reader.get_historical_resolver(base)
    new = reader.get_historical_resolver(base + 1)
    if old.trailer_view.raw_get("/Root") != new.trailer_view.raw_get("/Root"):
        return True
    was_there = {ref for n in range(base + 1) for ref in reader.xrefs.explicit_refs_in_revision(n)}
    if was_there & set(reader.xrefs.refs_freed_in_revision(base + 1)):
        return True
    touched = was_there & set(reader.xrefs.explicit_refs_in_revision(base + 1))
    return _has_other_fields(new) or any(_is_other(old, new, ref) for ref in touched)


def _pages_have_more(reader: Any, base: int) -> bool:
    """Tell whether the pages have more than small signatures now, whichever revision drew them.

    A revision after the first may add a signature of any size, and the list of a page's notes may
    lie outside of the page: so every page is checked in its final state.
    """
    old = reader.get_historical_resolver(base)
    new = reader.get_historical_resolver(reader.total_revisions - 1)
    refs = _pages(old, old.root.raw_get("/Pages").reference)
    notes = any(_has_other_notes(old.get_object(ref), new.get_object(ref)) for ref in refs)
    return notes or _has_other_fields(new)


def _pictures(reader: Any, base: int) -> dict[int, list[Box]]:
    """Return where signatures that the original does not have are drawn, by their page from 0."""
    old = reader.get_historical_resolver(base)
    new = reader.get_historical_resolver(reader.total_revisions - 1)
    pictures: dict[int, list[Box]] = {}
    for number, ref in enumerate(_pages(old, old.root.raw_get("/Pages").reference)):
        before = len(list(_at(old.get_object(ref), "/Annots", ())))
        added = _read(_at(new.get_object(ref), "/Annots", ()))[before:]
        if added:
            pictures[number] = [_box(note) for note in added]
    return pictures


def _box(note: Any) -> Box:
    first, low, second, high = (float(one) for one in note["/Rect"])
    return min(first, second), min(low, high), max(first, second), max(low, high)


def _pages(resolver: Any, ref: Any) -> Iterator[Any]:
    node = resolver.get_object(ref)
    if "/Kids" not in node:
        yield ref
        return
    kids = node["/Kids"]
    for place in range(len(kids)):
        yield from _pages(resolver, kids.raw_get(place).reference)


def _is_other(old: Any, new: Any, ref: Any) -> bool:
    if ref in _information_refs(old):
        return False
    was, now = old.get_object(ref), new.get_object(ref)
    if not hasattr(was, "raw_get") or not hasattr(now, "raw_get") or hasattr(was, "data"):
        return True
    if ref == _ref(old.trailer_view, "/Root"):
        return _differs(was, now, _MAY_CHANGE)
    if _at(was, "/Type") == "/Page":
        return _differs(was, now, frozenset({"/Annots"})) or _has_other_notes(was, now)
    return True


def _information_refs(old: Any) -> set[Any]:
    """Return the references of the document information and metadata, which draw nothing."""
    found = {_ref(old.trailer_view, "/Info"), _ref(old.root, "/Metadata")}
    return {ref for ref in found if ref is not None}


def _ref(container: Any, key: str) -> Any:
    value = container.raw_get(key) if key in container else None
    return getattr(value, "reference", None)


def _at(container: Any, key: str, otherwise: Any = None) -> Any:
    """Return the value under `key`, references resolved; `get` gives the reference itself."""
    return container[key] if key in container else otherwise  # noqa: SIM401


def _differs(was: Any, now: Any, may_change: frozenset[str]) -> bool:
    keys = (set(was) | set(now)) - may_change
    return any(
        key not in was or key not in now or was.raw_get(key) != now.raw_get(key) for key in keys
    )


def _has_other_notes(was: Any, now: Any) -> bool:
    before, after = _at(was, "/Annots", ()), _at(now, "/Annots", ())
    if list(after)[: len(before)] != list(before):
        return True
    most = _MOST_OF_PAGE * _A4
    added = _read(after)[len(before) :]
    return not all(map(_is_signature, added)) or sum(map(_covers, added)) > most


def _read(listed: Any) -> list[Any]:
    """Return what an array leads to; iterating it would give the references."""
    return [listed[place] for place in range(len(listed))]


def _is_signature(note: Any) -> bool:
    return _at(note, "/Subtype") == "/Widget" and _only_signs(note)


def _only_signs(field: Any) -> bool:
    """Tell whether a field is for a signature and runs no program when it is viewed."""
    chain = (field, _at(field, "/Parent", {}))
    return bool(_kind(field) == "/Sig") and not any(
        key in one for one in chain for key in ("/A", "/AA")
    )


def _kind(field: Any) -> Any:
    return _at(field, "/FT", _at(_at(field, "/Parent", {}), "/FT"))


def _covers(note: Any) -> float:
    left, low, right, high = _box(note)
    return (right - left) * (high - low)


def _has_other_fields(new: Any) -> bool:
    form = _at(new.root, "/AcroForm", {})
    return "/XFA" in form or not all(map(_only_signs, _read(_at(form, "/Fields", ()))))
