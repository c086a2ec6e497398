"""The help: pages by role, the subjects that the pages lead to, and the words."""
