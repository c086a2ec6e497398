"""How the portal is put together: settings, addresses, the order of what belongs together."""
