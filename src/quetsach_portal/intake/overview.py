"""What the pages around the submissions of a unit show."""

from collections.abc import Sequence
from typing import Any

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.intake.actions import refuse_if_closed
from quetsach_portal.intake.models import Submission, TableKind
from quetsach_portal.intake.queries import coverage_of, days_in_question
from quetsach_portal.intake.rules import rules_of
from quetsach_portal.intake.sending import release_name
from quetsach_portal.intake.showing import Standing, standing_of
from quetsach_portal.web.problems import Refused

__all__ = ["at_home", "of_unit", "rows_of", "rules_of", "table_title", "why_closed"]


def of_unit(node: CampaignNode) -> dict[str, Any]:
    """Return what the page of a unit shows beside the list of submissions."""
    first, last = days_in_question(node)
    return {
        "node": node,
        "closed": why_closed(node),
        "calendar": coverage_of(node, first, last),
        "rules": rules_of(node.campaign),
    }


def rows_of(submissions: Sequence[Submission]) -> list[tuple[Submission, Standing]]:
    """Return each submission with where it stands."""
    return [(one, standing_of(one)) for one in submissions]


def why_closed(node: CampaignNode) -> str:
    """Return why nothing can be handed in for `node` now, "" when something can."""
    try:
        refuse_if_closed(node)
    except Refused as refused:
        return refused.told
    return ""


def at_home(node: CampaignNode) -> dict[str, Any]:
    """Return what the page on sweeping at home shows: the very command line."""
    name = release_name(node.campaign)
    return {
        "node": node,
        "rules": rules_of(node.campaign),
        "has_list": node.campaign.release_file is not None,
        "release_name": name,
        "release_sha256": (
            "" if node.campaign.release_file is None else node.campaign.release_file.sha256
        ),
        "command": f"quetsach sweep NHAT-KY -i {name} -o KET-QUA",
        "signed_command": f"quetsach sweep NHAT-KY -i {name} -o KET-QUA --sign DON-VI.key.pem",
        "key_command": "quetsach indicators key DON-VI --passphrase",
    }


def table_title(kind: str) -> str:
    """Return what a kind of table is called."""
    return str(TableKind(kind).label)
