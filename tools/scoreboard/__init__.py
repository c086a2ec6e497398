"""The scoreboard: what quetsach reads in third parties' messages, held against what they read."""
