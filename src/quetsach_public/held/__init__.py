"""The earlier name of the block page; `python -m quetsach_public.held` still starts it."""
