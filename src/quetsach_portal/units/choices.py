"""Choices that pages offer."""

from quetsach_portal.units.models import EventKind

EVENT_KINDS = tuple((kind.value, kind.label) for kind in EventKind)
