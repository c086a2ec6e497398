"""Is it clean: from coverage, signs of life and silence to a state with the sentence behind it."""
