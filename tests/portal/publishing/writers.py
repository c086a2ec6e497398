"""Writers that write, break, or lack something."""

from functools import partial

from quetsach_portal.publishing import writing
from quetsach_portal.publishing.writing import WRITE, WRITERS, write_folder
from tests.portal import working


def write_site_alone() -> None:
    """Run what is ready; of the public folder one part alone is written."""
    only = [one for one in WRITERS if one.write is writing.write_site]
    working.run_ready(handlers={WRITE: partial(write_folder, writers=only)})
