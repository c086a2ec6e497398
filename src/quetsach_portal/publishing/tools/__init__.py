"""Tools that the public page vouches for."""
