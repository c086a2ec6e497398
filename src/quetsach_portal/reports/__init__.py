"""Reports of units: written, summed, checked, submitted, decided on and signed."""
