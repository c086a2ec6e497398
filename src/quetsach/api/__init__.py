"""The use cases of the engine, a file an area: what the command line and the portal call."""
