"""Signer certificates: registered by their holder, confirmed by a second person."""
