"""The engine's functions for reports: forms, adding up, versions, proof; what the portal calls.

Apart from `quetsach.api`, so that what only sweeps loads nothing of it.
"""
