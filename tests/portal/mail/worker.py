"""A process that delivers mails, for tests that kill it: python -m tests.portal.mail.worker."""

import threading

import django


def main() -> None:
    """Deliver what is due until somebody ends the process."""
    django.setup()
    from tests.portal.mail.delivering import run_next

    pause = threading.Event()
    while True:
        if not run_next():
            pause.wait(0.02)


if __name__ == "__main__":
    main()
