"""What granian loads: the held page of this process's settings, its waits and releases watched."""

import threading
import time

from quetsach_public.block_page.app import BlockPageApplication
from quetsach_public.block_page.settings import block_page_settings

LOOK_EVERY = 15.0
"""Seconds between two looks for waits and releases that ended."""

application = BlockPageApplication(block_page_settings())


def _watch() -> None:
    while True:
        time.sleep(LOOK_EVERY)
        application.tidy()


threading.Thread(target=_watch, name="held", daemon=True).start()
