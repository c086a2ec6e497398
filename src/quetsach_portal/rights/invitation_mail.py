"""Mail the link of an invitation: a job, tried again until the mail server took it."""

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from quetsach_portal.jobs.work import Work
from quetsach_portal.people.mailing import send
from quetsach_portal.rights.links import link_from
from quetsach_portal.rights.models import Invitation, Role


def run(work: Work) -> None:
    """Send the link, unless the invitation was taken, withdrawn or sent anew meanwhile."""
    rows = Invitation.objects.filter(pk=work.payload["invitation"], digest=work.payload["digest"])
    invitation = rows.select_related("unit", "user", "invited_by").first()
    if invitation is None or not invitation.is_open or invitation.mailed_at is not None:
        return
    language = "vi" if invitation.user is None else invitation.user.language
    with translation.override(language):
        subject = (
            _("Your access to quét sạch")
            if invitation.user is not None
            else _("Invitation to quét sạch: %(unit)s") % {"unit": invitation.unit}
        )
        body = render_to_string("rights/mails/invitation.txt", _words(invitation))
    send(invitation.email, subject, body, once=work.payload["digest"])
    with work.finishing():
        rows.update(mailed_at=timezone.now())


def _words(invitation: Invitation) -> dict[str, object]:
    return {
        "invitation": invitation,
        "role": Role(invitation.role).label if invitation.role else "",
        "link": link_from(invitation.nonce).address,
    }
