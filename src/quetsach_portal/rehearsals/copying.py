"""What of a campaign in preparation goes into its rehearsal, as rows without anybody's name.

People become numbers, two of them still two; contacts become boxes of the rehearsal. Nothing of
other campaigns comes along, and no row of a table that only grows.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from django.core import serializers
from django.db.models import ForeignKey, Model, Q, QuerySet

from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    ExpectedReport,
    LetterReading,
    Material,
    NodeCounter,
    Phase,
    ReportCounter,
    ReportCounterDay,
)
from quetsach_portal.cases.models.case import CaseRule
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.models import IntakeRules
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.lists.models import DoubtfulRow, ListHold, ListVersion, OfficeRow
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.models.report import CampaignForm
from quetsach_portal.units.models import Desk, Headcount, OrgEdge, OrgName, OrgUnit, UnitContact

DOMAIN = "dien-tap.example"
"""Every address of a rehearsal is one of this domain, which exists nowhere (RFC 2606)."""

SEED = "seed.jsonl"
_AT_ONCE = 500


@dataclass(frozen=True)
class RehearsedCampaign:
    """The campaign that is copied, and its units with all those above them."""

    campaign: Campaign
    units: frozenset[int]


Rows: TypeAlias = Callable[[RehearsedCampaign], QuerySet[Any]]

COPIED: tuple[tuple[type[Model], Rows], ...] = (
    (OrgUnit, lambda of: OrgUnit.objects.filter(pk__in=of.units)),
    (OrgName, lambda of: OrgName.objects.filter(unit_id__in=of.units)),
    (
        OrgEdge,
        lambda of: OrgEdge.objects.filter(child_id__in=of.units, parent_id__in=of.units),
    ),
    (Desk, lambda of: Desk.objects.filter(unit_id__in=of.units, served_by_id__in=of.units)),
    (Headcount, lambda of: Headcount.objects.filter(unit_id__in=of.units)),
    (UnitContact, lambda of: UnitContact.objects.filter(unit_id__in=of.units)),
    (Campaign, lambda of: Campaign.objects.filter(pk=of.campaign.pk)),
    (Phase, lambda of: Phase.objects.filter(campaign=of.campaign)),
    (CampaignNode, lambda of: CampaignNode.objects.filter(campaign=of.campaign)),
    (ExpectedReport, lambda of: ExpectedReport.objects.filter(phase__campaign=of.campaign)),
    (NodeCounter, lambda of: NodeCounter.objects.filter(node__campaign=of.campaign)),
    (ReportCounter, lambda of: ReportCounter.objects.filter(node__campaign=of.campaign)),
    (ReportCounterDay, lambda of: ReportCounterDay.objects.filter(node__campaign=of.campaign)),
    (LetterReading, lambda of: LetterReading.objects.filter(campaign=of.campaign)),
    (Material, lambda of: Material.objects.filter(campaign=of.campaign)),
    (CampaignForm, lambda of: CampaignForm.objects.filter(campaign=of.campaign)),
    (CaseRule, lambda of: CaseRule.objects.filter(campaign=of.campaign)),
    (IntakeRules, lambda of: IntakeRules.objects.filter(campaign=of.campaign)),
    (ListVersion, lambda of: ListVersion.objects.filter(campaign=of.campaign)),
    (DoubtfulRow, lambda of: DoubtfulRow.objects.filter(version__campaign=of.campaign)),
    (ListHold, lambda of: ListHold.objects.filter(version__campaign=of.campaign)),
    (OfficeRow, lambda of: OfficeRow.objects.filter(campaign=of.campaign)),
    (
        Letter,
        lambda of: Letter.objects.filter(
            campaign=of.campaign, state=LetterState.DRAFT, signature=None, based_on=None
        ),
    ),
)
"""The tables whose rows come along, each with its rows; accounts and files are found in them."""

FORGOTTEN: dict[type[Model], dict[str, Any]] = {
    Campaign: {
        "state": CampaignState.DRAFT,
        "start_asked_by_id": None,
        "start_asked_at": None,
    },
    ListVersion: {"feed_id": None},
    UnitContact: {"person": "Người nhận (diễn tập)", "phone": ""},
}
"""Fields that a rehearsal does not take over, and what stands there."""


@dataclass
class RehearsalSeed:
    """What was found on the way: accounts and files that the rows name."""

    users: dict[int, None] = field(default_factory=dict)
    files: dict[UUID, None] = field(default_factory=dict)


def units_of(campaign: Campaign) -> frozenset[int]:
    """Return the units in the tree of `campaign`, and all units above one of them."""
    paths = OrgUnit.objects.filter(Q(nodes__campaign=campaign) | Q(pk=campaign.lead_unit_id))
    ids: set[int] = set()
    for path in paths.values_list("path", flat=True).iterator(chunk_size=2000):
        ids.update(int(part) for part in path.strip("/").split("/"))
    above = OrgUnit.objects.filter(pk__in=ids, parent__isnull=False)
    while more := set(above.values_list("parent_id", flat=True)) - ids:
        ids |= more
        above = OrgUnit.objects.filter(pk__in=more, parent__isnull=False)
    return frozenset(ids)


def copy_into(folder: Path, campaign: Campaign, renew: Callable[[], None]) -> None:
    """Write the rows and files of `campaign` into the new `folder`, to be loaded there.

    Calls `renew` now and then. Errors: OSError where a file is lost or the disk is full.
    """
    of, seed = RehearsedCampaign(campaign, units_of(campaign)), RehearsalSeed()
    rows_file = folder / "rows.jsonl"
    with rows_file.open("w", encoding="utf-8") as out:
        for _model, rows in COPIED:
            serializers.serialize("jsonl", _masked(rows(of), seed, renew), stream=out)
    # Accounts and files first: the rows behind them name them.
    with (folder / SEED).open("w", encoding="utf-8") as out:
        serializers.serialize("jsonl", _accounts(seed), stream=out)
        serializers.serialize("jsonl", _files(seed, folder, renew), stream=out)
        with rows_file.open(encoding="utf-8") as rest:
            shutil.copyfileobj(rest, out)
    rows_file.unlink()


def _masked(rows: QuerySet[Any], seed: RehearsalSeed, renew: Callable[[], None]) -> Iterator[Model]:
    model = rows.model
    links = [one for one in model._meta.concrete_fields if isinstance(one, ForeignKey)]
    many = [one for one in model._meta.many_to_many if one.related_model is StoredFile]
    for place, copied in enumerate(rows.order_by("pk").iterator(chunk_size=_AT_ONCE)):
        if place % _AT_ONCE == 0:
            renew()
        for name, instead in FORGOTTEN.get(model, {}).items():
            setattr(copied, name, instead)
        if isinstance(copied, UnitContact) and copied.mail:
            copied.mail = f"lien-he-{copied.pk}@{DOMAIN}"
        if isinstance(copied, UnitContact) and copied.disabled_reason:
            # What a server answered names the address; without any word it would be in use again.
            copied.disabled_reason = "550"
        for link in links:
            key = getattr(copied, link.attname)
            if key is None:
                continue
            if link.related_model is User:
                seed.users[key] = None
            elif link.related_model is StoredFile:
                seed.files[key] = None
        for relation in many:
            seed.files.update(
                dict.fromkeys(getattr(copied, relation.name).values_list("pk", flat=True))
            )
        yield copied


def _accounts(seed: RehearsalSeed) -> Iterator[User]:
    """Yield an account for everybody who is named, which nobody can sign in to."""
    for place, pk in enumerate(seed.users, 1):
        user = User(pk=pk, email=f"nguoi-{place}@{DOMAIN}", name=f"Người {place} (diễn tập)")
        user.is_active = False
        user.set_unusable_password()
        yield user


def _files(seed: RehearsalSeed, folder: Path, renew: Callable[[], None]) -> Iterator[StoredFile]:
    """Yield the files that are named, and copy the bytes of those that were taken."""
    ids = list(seed.files)
    for start in range(0, len(ids), _AT_ONCE):
        for stored in StoredFile.objects.filter(pk__in=ids[start : start + _AT_ONCE]):
            renew()
            if stored.state == FileState.ACCEPTED:
                source = path_of(stored)
                target = folder / "files" / source.parent.name / source.name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                # No link: what one of the two homes does to its file must not reach the other's.
                shutil.copyfile(source, target)
            # Who handed it in is not needed, and is nobody there.
            stored.uploaded_by_id = None
            yield stored
