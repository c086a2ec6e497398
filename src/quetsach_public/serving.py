"""What granian loads: the application of this process's settings, its counters being flushed."""

from quetsach_public.alone import Alone
from quetsach_public.app import Application
from quetsach_public.cores import keep_to_one
from quetsach_public.settings import settings

_here = settings()
keep_to_one(_here.run)
application = Application(_here)
alone = Alone(application)
application.counts.run()
