"""The list of all targets."""

from functools import cache

from bench.fuzz.target import FuzzTarget
from bench.fuzz.targets.captures import capture_targets
from bench.fuzz.targets.forms import form_targets
from bench.fuzz.targets.kernel import kernel_targets
from bench.fuzz.targets.listening import listening_targets
from bench.fuzz.targets.lists import list_targets
from bench.fuzz.targets.logs import log_targets
from bench.fuzz.targets.packed import packed_targets
from bench.fuzz.targets.papers import paper_targets
from bench.fuzz.targets.portal import portal_targets
from bench.fuzz.targets.public import public_targets
from bench.fuzz.targets.settings import settings_targets
from bench.fuzz.targets.signatures import signature_targets
from bench.fuzz.targets.tables import table_targets


@cache
def all_targets() -> tuple[FuzzTarget, ...]:
    """Return every target, by name once."""
    return (
        *log_targets(),
        *capture_targets(),
        *packed_targets(),
        *list_targets(),
        *table_targets(),
        *paper_targets(),
        *form_targets(),
        *signature_targets(),
        *settings_targets(),
        *listening_targets(),
        *kernel_targets(),
        *portal_targets(),
        *public_targets(),
    )
