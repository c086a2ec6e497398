"""An event of the tree, done by two people of the lead office."""

from tests.portal.register.tree_events import done, second

__all__ = ["done", "second"]
