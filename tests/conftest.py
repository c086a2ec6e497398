"""What all tests share: generated tests have no deadline, for a busy machine is no fault."""

from hypothesis import settings

settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.load_profile("unhurried")
