"""What quetsach does not read or write itself: Acme gate, name server, list, box and console."""
