"""A register file compared with the register, and saved after confirmation."""
