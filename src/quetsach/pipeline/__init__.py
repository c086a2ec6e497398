"""What is to be scanned (the plan of splits) and the pure function that scans one split."""
