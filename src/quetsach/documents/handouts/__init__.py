"""What a campaign hands out: posters, leaflets, slides and sheets of steps."""
