"""What `quetsach serve` gives to the server: the front before the application."""

from django.conf import settings

from quetsach_portal.config.admission import admit
from quetsach_portal.config.front import Front
from quetsach_portal.config.wsgi import application  # isort: split - it reads the settings
from quetsach_portal.files.storage import incoming_folder

front = Front(application, admit, incoming_folder, frozenset(settings.QUETSACH.trusted_proxies))
