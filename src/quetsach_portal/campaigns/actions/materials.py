"""Materials of a campaign: files with versions, and how often each unit downloaded them."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.state import locked
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    Material,
    MaterialPull,
)
from quetsach_portal.files.actions import store_upload
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

RUNNING = (CampaignState.DRAFT, CampaignState.READY, CampaignState.LIVE)


def add_material(
    campaign: Campaign,
    upload: "UploadedFile[bytes]",
    *,
    title: str,
    version: str,
    language: str,
    kind: str,
    actor: User,
) -> Material:
    """Return the new material; the same title with another version is stored in addition to the old
    one.

    Errors: Refused for an existing version, another kind of file, or after the end.
    """
    stored = store_upload(
        upload, purpose="material", owner_path=campaign.lead_unit.path, actor=actor
    )
    with transaction.atomic():
        campaign = locked(campaign, *RUNNING)
        same = Material.objects.filter(
            campaign=campaign, title=title, language=language, version=version
        )
        if same.exists():
            raise Refused(
                _("This version already exists; give the new one its own number."), field="version"
            )
        material = Material.objects.create(
            campaign=campaign,
            title=title,
            version=version,
            language=language,
            kind=kind,
            file=stored,
            sha256=stored.sha256,
        )
        _audit("material.added", material, actor)
    return material


def withdraw_material(material: Material, *, actor: User) -> None:
    """Withdraw the material; its downloads stay counted."""
    with transaction.atomic():
        material = Material.objects.select_for_update().get(pk=material.pk)
        if material.withdrawn_at is not None:
            raise Refused(_("It was withdrawn already."))
        _audit("material.withdrawn", material, actor)
        material.withdrawn_at = timezone.now()
        material.save(update_fields=["withdrawn_at"])


def count_pull(material: Material, node: CampaignNode) -> None:
    """Count one download for the unit on this day; no person is recorded."""
    with transaction.atomic():
        pull, _is_new = MaterialPull.objects.get_or_create(
            node=node, material=material, day=timezone.localdate()
        )
        MaterialPull.objects.filter(pk=pull.pk).update(count=F("count") + 1)


def _audit(action: str, material: Material, actor: User) -> None:
    record(
        action,
        actor=actor,
        kind="material",
        object_id=material.pk,
        unit_path=material.campaign.lead_unit.path,
        detail={"title": material.title, "version": material.version, "sha256": material.sha256},
    )
