"""The demo's re-checks and its figures for everybody: what the district looks at after a week."""

from collections.abc import Mapping, Sequence

from quetsach_portal.campaigns.models import Campaign, CampaignNode
from quetsach_portal.demo_district.accounts import Account, of_role
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.public_figures import actions as public
from quetsach_portal.rechecks import actions as rechecks
from quetsach_portal.rechecks.models import Answer
from quetsach_portal.rights.models import Role
from quetsach_portal.units.demo import TOP

SIZE = 12
NOT_SO, CANNOT_TELL = (3, 7), (5,)
"""At which places of the sample nothing was deployed, and where nobody could look."""
TEXT = "Số liệu tuần đầu của Chiến dịch. Cảm ơn các cơ quan, đơn vị và người dân đã tham gia."


def recheck(nodes: Mapping[str, CampaignNode], accounts: Sequence[Account]) -> None:
    """Draw units that declare to have deployed, enter what was found, and finish."""
    compiler = of_role(list(accounts), Role.COMPILER)
    draw = rechecks.draw(nodes[TOP], subject="units", size=SIZE, actor=compiler)
    for item in draw.items.select_related("draw").order_by("place"):
        found, note = Answer.YES if item.was_declared else Answer.NO, ""
        if item.place in NOT_SO:
            found = Answer.NO
        if item.place in CANNOT_TELL:
            found, note = Answer.UNKNOWN, "Trụ sở đóng cửa khi đoàn đến."
        rechecks.answer(item, found=found, note=note, actor=compiler)
    rechecks.finish(draw, actor=compiler)


def publish(campaign: Campaign, accounts: Sequence[Account]) -> None:
    """Prepare and publish the figures, and gather those of the pages."""
    analyst = of_role(list(accounts), Role.LEAD_ANALYST)
    owner = of_role(list(accounts), Role.LEAD_OWNER)
    figures = public.prepare(campaign, text=TEXT, actor=analyst)
    public.publish(figures, sha256=figures.sha256, actor=owner)
    enqueue("dashboards.gather", key="dashboards.gather:demo")
