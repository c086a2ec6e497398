"""Roles, permissions and their time limits; the only source of scope."""
