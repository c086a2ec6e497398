"""Acts of the import: read a file, save what was reviewed, or discard it."""

import hashlib
import io
import zlib
from collections.abc import Sequence
from datetime import date

import msgspec
import xlsxwriter
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.tree.applying import CHANGING
from quetsach_portal.people.models.account import User
from quetsach_portal.register.models import RegisterUpload, UploadState
from quetsach_portal.units.importing.preview import ImportPreview, preview_of
from quetsach_portal.units.importing.save import save
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.units.register_file.read import read_register
from quetsach_portal.units.register_file.rows import RowProblem, UnitRow
from quetsach_portal.web.acts import Refused


class _Kept(msgspec.Struct):
    rows: list[UnitRow]
    problems: list[RowProblem]
    hidden_sheets: tuple[str, ...] = ()


def take_file(raw: bytes, name: str, top: OrgUnit, *, actor: User) -> RegisterUpload:
    """Return the file, read and stored until the decision. Errors: Refused."""
    read = read_register(raw, name)
    kept = _Kept(read.rows, read.problems, read.hidden_sheets)
    return _keep(kept, name, hashlib.sha256(raw).hexdigest(), top, actor)


def take_rows(rows: Sequence[UnitRow], name: str, top: OrgUnit, *, actor: User) -> RegisterUpload:
    """Return rows of the national areas, stored until they are decided on."""
    kept = _Kept(list(rows), [])
    digest = hashlib.sha256(msgspec.msgpack.encode(kept.rows)).hexdigest()
    return _keep(kept, name, digest, top, actor)


def preview(upload: RegisterUpload) -> tuple[ImportPreview, tuple[str, ...]]:
    """Return what saving the file would change today, and the hidden sheets it had."""
    kept = _kept(upload)
    running = CampaignNode.objects.filter(campaign__state__in=CHANGING)
    top = OrgUnit.objects.get(pk=upload.top_id)
    below = running.filter(unit__path__gte=top.path, unit__path__lt=f"{top.path[:-1]}0")
    frozen = frozenset(below.values_list("unit_id", flat=True))
    return preview_of(kept.rows, kept.problems, top, frozen), kept.hidden_sheets


def confirm(
    upload: RegisterUpload, *, shown_digest: str, green_rows_only: bool, day: date, actor: User
) -> str:
    """Save the comparison with `shown_digest`, and return a summary as text.

    Errors: Refused when the register changed since it was shown, when rows have errors and not
    only the green ones are asked for, or when the file was decided on before.
    """
    with transaction.atomic():
        # Serialised: a second import compares with what the first one saved.
        OrgUnit.objects.select_for_update().get(pk=upload.top_id)
        locked = RegisterUpload.objects.select_for_update().get(pk=upload.pk)
        if locked.state != UploadState.OPEN:
            raise Refused(_("This file has already been saved or discarded."))
        comparison, _hidden = preview(locked)
        if comparison.seen != shown_digest:
            raise Refused(
                _("The register has changed since this page was loaded. Review the new comparison.")
            )
        if comparison.problems and not green_rows_only:
            raise Refused(_("Some rows have errors: save the green rows only, or correct them."))
        save(comparison, day, locked.name)
        _decide(locked, UploadState.SAVED)
        counts = {"new": len(comparison.new), "changed": len(comparison.changed)}
        record(
            "units.imported",
            actor=actor,
            kind="upload",
            object_id=locked.pk,
            detail={**counts, "left_out": len(comparison.problems), "sha256": locked.sha256},
            unit_path=comparison.now.top.path,
        )
    summary = ngettext("%(new)s new unit", "%(new)s new units", counts["new"]) % counts
    return summary + ", " + _("%(changed)s changed") % counts


def drop(upload: RegisterUpload, *, actor: User) -> None:
    """Throw the file away; nothing was saved of it."""
    with transaction.atomic():
        locked = RegisterUpload.objects.select_for_update().get(pk=upload.pk)
        if locked.state == UploadState.OPEN:
            _decide(locked, UploadState.DROPPED)
            record("units.import_dropped", actor=actor, kind="upload", object_id=locked.pk)


def _keep(kept: _Kept, name: str, digest: str, top: OrgUnit, actor: User) -> RegisterUpload:
    with transaction.atomic():
        upload = RegisterUpload.objects.create(
            top=top,
            name=name[:255],
            sha256=digest,
            content=zlib.compress(msgspec.msgpack.encode(kept), 6),
            uploaded_by=actor,
        )
        record(
            "units.file_read",
            actor=actor,
            kind="upload",
            object_id=upload.pk,
            detail={"rows": len(kept.rows), "errors": len(kept.problems), "sha256": digest},
            unit_path=top.path,
        )
    return upload


def _kept(upload: RegisterUpload) -> _Kept:
    if upload.state != UploadState.OPEN:
        raise Refused(_("This file has already been saved or discarded."))
    return msgspec.msgpack.decode(zlib.decompress(bytes(upload.content)), type=_Kept)


def _decide(upload: RegisterUpload, state: UploadState) -> None:
    upload.state, upload.decided_at, upload.content = state, timezone.now(), b""
    upload.save(update_fields=["state", "decided_at", "content"])


_HEADINGS = (
    ("STT", 6),
    ("Mã đơn vị", 16),
    ("Tên đơn vị", 44),
    ("Mã cấp trên", 16),
    ("Loại", 16),
    ("Hệ", 16),
    ("Mã định danh", 18),
    ("Mã khu vực", 12),
    ("Số cán bộ", 12),
    ("Đầu mối", 24),
    ("E-mail", 30),
    ("Điện thoại", 18),
)


def template_workbook() -> bytes:
    """Return the workbook; all its cells are text, so that codes keep their leading zeros."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("Đơn vị")
        bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        for column, (title, width) in enumerate(_HEADINGS):
            page.set_column(column, column, width, text)
            page.write_string(0, column, title, bold)
        page.freeze_panes(1, 0)
    return out.getvalue()
