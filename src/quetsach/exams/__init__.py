"""The exam: marked connections from known machines, and how often the engine names them rightly."""
