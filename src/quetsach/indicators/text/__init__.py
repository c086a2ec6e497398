"""Indicators in running text: defanged values, and whether a text means them."""
