"""Processes of their own for whatever reads files of strangers: bounded, shut in, and told apart."""
