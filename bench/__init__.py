"""Benchmarks: quetsach beside other ways to the same answer, on logs that they make themselves."""
