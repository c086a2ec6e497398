"""Acts on letters, one file a stage: draft, number, release, mail, paper."""
