"""A form of its own for one phase: chosen, looked over with what it changes, settled by use."""
