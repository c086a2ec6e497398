"""Files that devices block and watch with, made from indicators; each can be undone and proved."""
