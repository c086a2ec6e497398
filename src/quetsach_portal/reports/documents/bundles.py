"""The proof bundle of a version: it, what it rests on, and the forms, in one file.

What was hashed lies in the database as it was hashed, so a bundle is copied out of it line by line:
50,000 versions of a country need no more memory than their digests.
"""

import hashlib
import tempfile
import threading
from collections.abc import Iterator, Sequence
from typing import IO

from django.utils.translation import gettext as _

from quetsach.api.reports import bundle_lines, form_json
from quetsach_portal.reports.forms_in_use import form_of
from quetsach_portal.reports.models import CampaignForm, ReportVersion
from quetsach_portal.web.problems import Refused

MOST = 200_000
"""More versions than that are not put into one file; the verifier then says what is not there."""

AT_ONCE = 2
"""So many are written at a time in one process; whoever comes then is asked to wait a moment."""

_STEP = 500
_room = threading.BoundedSemaphore(AT_ONCE)

_Found = tuple[int, str]
"""A version's number in the table, and its digest."""


def bundle_of(version: ReportVersion, *, with_below: bool = True) -> IO[bytes]:
    """Return a file with the bundle of `version`, at its beginning; it is gone once it is closed.

    Without those below, the verifier says that they are missing.
    Errors: Refused when a version was changed in the database, or while others are written.
    Cost: one query for 500 versions, twice; docs/benchmarks.md has the measure.
    """
    if not _room.acquire(blocking=False):
        raise Refused(_("Other proofs are being written; try again in a minute."))
    file = tempfile.TemporaryFile()  # noqa: SIM115  # it is handed on open
    try:
        file.writelines(_lines(version, with_below))
    except BaseException:
        file.close()
        raise
    finally:
        _room.release()
    file.seek(0)
    return file


def _lines(version: ReportVersion, with_below: bool) -> Iterator[bytes]:
    others, forms = _reached(version, with_below)
    below = sorted((digest, pk) for pk, digest in others.items())
    ordered = [(version.pk, version.sha256), *((pk, digest) for digest, pk in below)]
    definitions = {
        row.digest: form_json(form_of(row)) for row in CampaignForm.objects.filter(pk__in=forms)
    }
    shown = [definitions[digest] for digest in sorted(definitions)]
    return bundle_lines(version.sha256, len(ordered), _payloads(ordered), shown)


def _payloads(ordered: Sequence[_Found]) -> Iterator[bytes]:
    """Yield what was hashed, in this order. Errors: Refused where it is not that any more."""
    for start in range(0, len(ordered), _STEP):
        step = ordered[start : start + _STEP]
        rows = ReportVersion.objects.filter(pk__in=[pk for pk, _digest in step])
        texts = dict(rows.values_list("pk", "payload"))
        for pk, digest in step:
            line = texts[pk].encode()
            if hashlib.sha256(line).hexdigest() != digest:
                raise Refused(
                    _(
                        "This version was changed after it was handed in; tell whoever runs the "
                        "portal."
                    )
                )
            yield line


def _reached(version: ReportVersion, with_below: bool) -> tuple[dict[int, str], set[int]]:
    """Return what `version` rests on, near or far, by its number; and by which forms all that is.

    Cost: a query or two for 500 versions; some 200 bytes of memory for each.
    """
    found: dict[int, str] = {}
    seen, forms = {version.pk}, {version.form_id}
    todo = [version.pk]
    while todo and len(seen) < MOST:
        step, todo = todo[:_STEP], todo[_STEP:]
        for pk, digest, form in _named_by(step, with_below):
            if pk not in seen and len(seen) < MOST:
                seen.add(pk)
                todo.append(pk)
                found[pk] = digest
                forms.add(form)
    return found, forms


def _named_by(versions: Sequence[int], with_below: bool) -> Iterator[tuple[int, str, int]]:
    """Yield what these versions name: those of their children, and those before them."""
    parts = ("pk", "sha256", "form_id")
    if with_below:
        children = ReportVersion.objects.filter(used_in__parent_version__in=versions)
        yield from children.values_list(*parts).iterator(chunk_size=2000)
    later = ReportVersion.objects.filter(pk__in=versions).exclude(prev_sha256="")
    before = dict(later.values_list("prev_sha256", "slot_id"))
    rows = ReportVersion.objects.filter(sha256__in=before, slot__in=before.values())
    yield from rows.values_list(*parts)
