"""The fault simulator: programs run again and again, with one call to the kernel failing."""
