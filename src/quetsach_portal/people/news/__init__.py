"""News of what concerns somebody: written by acts, read by roles, and which mails tell of it."""
