"""Changes of a message that leave what it says as it is."""
