"""Accounts: who signs in, by which factors, and in which sessions."""
