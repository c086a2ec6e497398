"""Join codes and counters; hand-outs."""

from quetsach_portal.participation.models import handouts, participation

__all__ = ["handouts", "participation"]
