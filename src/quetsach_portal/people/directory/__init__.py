"""Signing in with the account that a person has in the office's directory (LDAP)."""
