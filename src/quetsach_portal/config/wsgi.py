"""The portal as a WSGI application; sync Django under ASGI is five to ten times slower."""

import os

from django.core.wsgi import get_wsgi_application

from quetsach_portal.web.slow_bodies import paced

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
application = paced(get_wsgi_application())
