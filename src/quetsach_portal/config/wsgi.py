"""The portal as a WSGI application; sync Django under ASGI is five to ten times slower."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
application = get_wsgi_application()
