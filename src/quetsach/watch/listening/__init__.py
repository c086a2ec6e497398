"""What a watch is sent over the network: received into spools, which it follows as any log."""
