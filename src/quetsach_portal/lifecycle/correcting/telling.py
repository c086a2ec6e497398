"""Tell each unit that a correction touches, page by page, by a job."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from quetsach_portal.campaigns import news
from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode
from quetsach_portal.campaigns.models.corrections import CampaignCorrection, CorrectionKind
from quetsach_portal.followup.mails import notice_to, queue
from quetsach_portal.followup.models import FollowupMail, MailKind
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.mail.message import one_line
from quetsach_portal.people.models.news import NewsKind

NODES_AT_ONCE = 500


def tell_units(work: RunningJob) -> None:
    """Write news and one mail to each unit that a correction touches; a job.

    A later try goes on behind the last page that was written.
    """
    rows = CampaignCorrection.objects.select_related("campaign")
    correction, last = rows.get(pk=work.payload["correction_id"]), work.payload.get("last", 0)
    while True:
        nodes = touched(correction).filter(pk__gt=last).order_by("pk")[:NODES_AT_ONCE]
        page = list(nodes.select_related("campaign", "unit"))
        if not page:
            return
        last = page[-1].pk
        with transaction.atomic():
            news.tell_units(NewsKind.CORRECTED, correction.campaign, page)
            queue(mail for node in page for mail in _notice(node, correction))
            work.note(last=last)


def touched(correction: CampaignCorrection) -> QuerySet[CampaignNode]:
    """Return the nodes that a correction is told to: its levels, its unit and the office above."""
    nodes = CampaignNode.objects.filter(campaign=correction.campaign)
    if correction.kind == CorrectionKind.UNIT:
        unit = correction.proposal["unit"]
        return nodes.filter(Q(unit=unit) | Q(children__unit=unit)).distinct()
    recipients = nodes.filter(state__in=COUNTED, told_at__isnull=False)
    if correction.kind == CorrectionKind.DATE:
        depths = [depth for depth, _before, _after in correction.facts["levels"]]
        return recipients.filter(depth__in=depths)
    return recipients


def _words_for(node: CampaignNode, correction: CampaignCorrection) -> list[str]:
    """Return what is corrected for `node`: of dates that of its own level."""
    words: list[str] = correction.words
    if correction.kind != CorrectionKind.DATE:
        return words
    levels = [depth for depth, _before, _after in correction.facts["levels"]]
    return [line for depth, line in zip(levels, words, strict=True) if depth == node.depth]


def _notice(node: CampaignNode, correction: CampaignCorrection) -> list[FollowupMail]:
    with translation.override("vi"):
        subject = _("Correction – %(campaign)s") % {"campaign": one_line(node.campaign.title)}
        lines = [
            *map(one_line, _words_for(node, correction)),
            _("Reason: %(why)s") % {"why": one_line(correction.reason)},
            _("What your unit sent stays as it was sent."),
        ]
    key = f"correction:{correction.pk}:{node.pk}"
    return notice_to(node, MailKind.CORRECTION, key, subject, lines)
