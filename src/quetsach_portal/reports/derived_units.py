"""Answers from what units and people said and did: receipts, staff, joins, letters, materials."""

from collections.abc import Mapping

from django.db.models import Count as Number
from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach.api.reports import Count, Grade
from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.followup.models import (
    DeclarationState,
    DeployDeclaration,
    DeployEvidence,
    Method,
    Receipt,
)
from quetsach_portal.followup.queries import reached
from quetsach_portal.handouts.models import HandoutPull
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.participation.models import JoinCode, JoinKind, JoinTally
from quetsach_portal.reports.derived_value import Derived


def organisations(node: CampaignNode) -> Mapping[str, Derived]:
    """Return how many units at and below `node` received the campaign, and deployed it.

    They are of the subtree by nature: a unit that says nothing else has still received the letter.
    Each is named, so that it counts once wherever it is told of again. Cost: two queries.
    """
    url = reverse("followup:ladder", args=[node.campaign_id]) + f"?under={node.pk}"
    by_proof = Receipt.objects.filter(node_id=OuterRef("pk"), method=Method.ON_BEHALF)
    received = list(
        reached(node, "received").annotate(told=Exists(by_proof)).values_list("pk", "told")
    )
    shown = DeployEvidence.objects.filter(
        ~Q(declaration__state=DeclarationState.WITHDRAWN), declaration__node_id=OuterRef("pk")
    )
    deployed = list(
        reached(node, "deployed").annotate(shown=Exists(shown)).values_list("pk", "shown")
    )
    # The act in the portal is the receipt itself; for another one's there is its proof.
    told = any(is_told for _pk, is_told in received)
    attested = bool(deployed) and all(is_shown for _pk, is_shown in deployed)
    return {
        "organisations_received": Derived(
            Count(len(received), Grade.ATTESTED if told else Grade.MEASURED),
            f"{url}&has=received",
            _("Units at and below yours that confirmed the receipt, each counted once."),
            frozenset(f"node:{pk}" for pk, _told in received),
        ),
        "organisations_deployed": Derived(
            Count(len(deployed), Grade.ATTESTED if attested else Grade.DECLARED),
            f"{url}&has=deployed",
            _("Units at and below yours that declared to have deployed, each counted once."),
            frozenset(f"node:{pk}" for pk, _shown in deployed),
        ),
    }


def joins(node: CampaignNode) -> Mapping[str, Derived]:
    """Return who took part by the codes of `node` itself, and in its name without a code.

    Nothing where it has no code and nobody came.
    Everybody declares it of themselves, and nobody is named. Cost: two queries.
    """
    summed = list(
        JoinTally.objects.filter(node=node).values("kind").annotate(Sum("joined"), Sum("checked"))
    )
    if not summed and not JoinCode.objects.filter(node=node).exists():
        return {}
    told = {one["kind"]: (one["joined__sum"], one["checked__sum"]) for one in summed}
    url = reverse("participation:figures", args=[node.pk])
    staff = told.get(JoinKind.STAFF.value, (0, 0))
    counted = {
        "people_joined": (staff[0], _("Staff who joined by the code of your unit.")),
        "people_checked": (staff[1], _("Staff who said that they checked a machine.")),
        "relatives_joined": (
            told.get(JoinKind.RELATIVE.value, (0, 0))[0],
            _("Relatives and friends who joined by the code of your unit."),
        ),
        "public_joined": (
            told.get(JoinKind.PUBLIC.value, (0, 0))[0],
            _("Residents who joined by the code of your unit."),
        ),
    }
    return {
        name: Derived(Count(number, Grade.DECLARED), url, why)
        for name, (number, why) in counted.items()
    }


def materials(node: CampaignNode) -> Mapping[str, Derived]:
    """Return how often material was pulled by `node` and by its codes; files, not people.

    Nothing where it has no code and nothing was pulled. Cost: two queries at most.
    """
    rows = HandoutPull.objects.filter(node=node)
    pulled = rows.aggregate(here=Sum("here"), public=Sum("public"))
    if pulled["here"] is None and not JoinCode.objects.filter(node=node).exists():
        return {}
    return {
        "materials_pulled": Derived(
            Count((pulled["here"] or 0) + (pulled["public"] or 0), Grade.MEASURED),
            reverse("handouts:index", args=[node.pk]) + "#pulled",
            _("Files made in the portal with the name of your unit, and fetched by its codes."),
        )
    }


def people(node: CampaignNode) -> Mapping[str, Derived]:
    """Return the staff of `node` by the register, and how many it said it told. Cost: one query."""
    found = {}
    if node.staff:
        found["people_staff"] = Derived(
            Count(node.staff, Grade.DECLARED),
            reverse("followup:node", args=[node.pk]),
            _("Staff of your unit, as the register had it when the campaign began."),
        )
    declared = (
        DeployDeclaration.objects.filter(node=node, staff_told__isnull=False)
        .exclude(state=DeclarationState.WITHDRAWN)
        .annotate(pieces=Number("evidence"))
        .values_list("staff_told", "pieces")
        .first()
    )
    if declared is not None:
        found["people_told"] = Derived(
            Count(declared[0] or 0, Grade.ATTESTED if declared[1] else Grade.DECLARED),
            reverse("followup:node", args=[node.pk]),
            _("Staff who were told, by the deployment that your unit declared."),
        )
    return found


def letters(node: CampaignNode) -> Mapping[str, Derived]:
    """Return how many letters `node` issued here; nothing where it issued none. Cost: one query."""
    number = Letter.objects.filter(node=node, is_outside=False, state=LetterState.RELEASED).count()
    if not number:
        return {}
    return {
        "letters_issued": Derived(
            Count(number, Grade.MEASURED),
            reverse("letters:register", args=[node.pk]),
            _("Letters of your unit that were released here and not withdrawn."),
        )
    }
