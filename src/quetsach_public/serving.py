"""What granian loads: the application of this process's settings, its counters being flushed."""

from quetsach_public.app import Application
from quetsach_public.settings import settings

application = Application(settings())
application.counts.run()
