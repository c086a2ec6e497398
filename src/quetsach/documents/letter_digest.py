"""The digest of an official letter: of all that it says, so that it can stand on its own pages."""

import hashlib
import json
from dataclasses import asdict, replace

from quetsach.documents.letter import OfficialLetter


def letter_digest(letter: OfficialLetter) -> str:
    """Return the SHA-256 of what `letter` says, in hex; neither its codes nor its looks count."""
    said = asdict(replace(letter, mark=None, proof=None))
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
