"""Acts of the portal under faults: at each place where one can fail or be killed."""
