"""Block and watch lists for devices, made from indicators; each can be reverted and verified."""
