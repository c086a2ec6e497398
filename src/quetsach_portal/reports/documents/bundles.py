"""The proof bundle of a version: it, what it rests on, and the forms, in one file."""

from collections import deque

from django.utils.translation import gettext as _

from quetsach.api.reports import QuetsachError, Version, write_bundle
from quetsach_portal.reports.forms_in_use import form_of
from quetsach_portal.reports.models import CampaignForm, ReportInput, ReportVersion
from quetsach_portal.reports.stored import read
from quetsach_portal.web.problems import Refused

MOST = 5_000
"""More versions than that are not put into one file; the verifier then says what is not there."""


def bundle_of(version: ReportVersion, *, with_below: bool = True) -> bytes:
    """Return the bundle of `version`; without those below, the verifier says that they are missing.

    Errors: Refused when one was changed in the database.
    Cost: one query a level of the tree, and about 5 ms a version.
    """
    try:
        others, forms = _reached(version, with_below)
        return write_bundle(read(version), others, [form_of(one) for one in forms])
    except QuetsachError as error:
        told = _("This version was changed after it was handed in; tell whoever runs the portal.")
        raise Refused(told) from error


def _reached(version: ReportVersion, with_below: bool) -> tuple[list[Version], list[CampaignForm]]:
    found: dict[int, ReportVersion] = {version.pk: version}
    todo = deque([[version]])
    while todo and len(found) < MOST:
        level = todo.popleft()
        fresh = [one for one in _named_by(level, with_below) if one.pk not in found][
            : MOST - len(found)
        ]
        found |= {one.pk: one for one in fresh}
        if fresh:
            todo.append(fresh)
    forms = {one.form_id: one.form for one in found.values()}
    del found[version.pk]
    return [read(one) for one in found.values()], list(forms.values())


def _named_by(level: list[ReportVersion], with_below: bool) -> list[ReportVersion]:
    """Return the versions that these name: of their children, and those before them."""
    parents = level if with_below else []
    rows = ReportInput.objects.filter(parent_version__in=parents, child_version__isnull=False)
    children = [
        one.child_version
        for one in rows.select_related("child_version__form")
        if one.child_version is not None
    ]
    slots = {one.slot_id for one in level if one.prev_sha256}
    earlier = ReportVersion.objects.filter(slot__in=slots).select_related("form")
    named = {one.prev_sha256 for one in level}
    return [*children, *(one for one in earlier if one.sha256 in named)]
