"""Certificates tied to accounts: registered by who signs, vouched for by a second person."""
