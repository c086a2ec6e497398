"""What of allotted notices goes when a campaign is archived: addresses, answers, links.

The table of ranges is the office's own and stays: it says nothing about a machine or a person, and
the next campaign needs it. So do its files of announced prefixes, which anybody can fetch.
"""

from datetime import datetime, timedelta

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.ranges.models import AllottedNotice, Forwarding, NoticeQuestion

LINK_DAYS = 14
"""For so long after its deadline the link of a unit answers without an account."""


def link_end(forwarding: Forwarding) -> datetime:
    """Return until when the unit's link answers; then it shows nothing either."""
    return forwarding.due_at + timedelta(days=LINK_DAYS)


# A campaign that is archived is read by nobody: its links are over with it, whatever their day.


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many rows were changed; the states and their counts stay.

    Shapes: of a notice there stay its number, its time, whether it went to a unit, and how it
    ended, so that the answer to the authority can still be counted; of an answer there stays what
    it was, and not what was looked at or who gave it.
    It comes before that of the cases, which forget the stored files. The caller holds the
    transaction.
    """
    notices = AllottedNotice.objects.filter(batch__node__campaign=campaign)
    questions = NoticeQuestion.objects.filter(forwarding__node__campaign=campaign)
    return {
        "allotted_notices": notices.update(
            address="", port=None, remote="", family="", why="", days=[]
        ),
        "notice_answers": questions.update(looked_at="", answered_by=None),
        "notice_links": Forwarding.objects.filter(node__campaign=campaign).update(secret=""),
    }
