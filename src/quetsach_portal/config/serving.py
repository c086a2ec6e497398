"""What `quetsach serve` gives to the server: the portal as WSGI, with the front before it.

Sync Django under ASGI is five to ten times slower.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.urls import reverse

from quetsach_portal.config.front import RsgiFront
from quetsach_portal.web.bound_processes import end_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
application = get_wsgi_application()


def front_of_portal() -> RsgiFront:
    """Return the front of the portal.

    `application` has loaded the apps by now; before that no module with a table may be imported.
    """
    from quetsach_portal.config.admission import admit
    from quetsach_portal.config.applied_migrations import (
        is_empty,
        refuse_earlier_database,
        refuse_other_database,
    )
    from quetsach_portal.files.storage import incoming_folder

    end_with(os.getppid())
    try:
        refuse_other_database()
        if not is_empty():
            refuse_earlier_database()
    except OperationalError:
        # It does not answer: pages say so until it does. `serve` looked at it when it began.
        connection.close()
    # Whoever asks first would wait for all views to be read: 1.5 s of processor.
    reverse("home")
    return RsgiFront(
        application, admit, incoming_folder, frozenset(settings.QUETSACH.trusted_proxies)
    )


front = front_of_portal()
