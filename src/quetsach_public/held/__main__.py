"""Start the block page under its earlier name."""

from quetsach_public.block_page.__main__ import main

main()
