"""What a campaign hands out on paper and on a screen: posters, leaflets, slides, sheets of steps."""
