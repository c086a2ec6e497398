"""How the lines of evidence ended, counted."""

from dataclasses import dataclass


@dataclass
class Counts:
    """How the lines of a split ended; every line is in exactly one of the last four."""

    lines: int = 0
    candidates: int = 0
    sieved_out: int = 0
    no_match: int = 0
    sighting_lines: int = 0
    rejects: int = 0

    def add(self, other: "Counts") -> None:
        """Add the counts of another split."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))
