"""The portal: a campaign over a tree of units, from the letter to cases that end proven clean."""
