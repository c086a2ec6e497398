"""Printed sheets: handling cards, join and receipt sheets, release sheets, hand-outs."""
