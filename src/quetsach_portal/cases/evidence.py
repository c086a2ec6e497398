"""The evidence of a unit in which notices are traced; settings.TRACE_EVIDENCE says who knows it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from quetsach_portal.campaigns.models import CampaignNode


@dataclass(frozen=True)
class TraceEvidence:
    """What a unit has: logs, and its own tables beside them."""

    logs: tuple[Path, ...] = ()
    leases: tuple[Path, ...] = ()
    nat: tuple[Path, ...] = ()
    inventory: tuple[Path, ...] = ()
    plans: tuple[Path, ...] = ()


def evidence_of(node: CampaignNode) -> TraceEvidence:
    """Return the evidence of `node`, by the function that settings.TRACE_EVIDENCE names."""
    known: Callable[[CampaignNode], TraceEvidence] = import_string(settings.TRACE_EVIDENCE)
    return known(node)
