"""The unit's own machines and networks: its tables read, and a key for each machine that lasts."""
