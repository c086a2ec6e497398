"""What granian loads: the application of this process's settings, its counters being flushed."""

from quetsach_public.alone import DelayedApplication
from quetsach_public.app import Application
from quetsach_public.cores import pin_to_core
from quetsach_public.settings import settings

_here = settings()
pin_to_core(_here.run)
application = Application(_here)
alone = DelayedApplication(application)
application.counts.run()
