"""What every page shares: layout, forms, paging, errors, security headers."""
