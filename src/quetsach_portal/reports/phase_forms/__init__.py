"""The report form of one phase: chosen, reviewed with its effect, fixed once used."""
