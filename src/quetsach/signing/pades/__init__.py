"""PAdES: signatures inside of PDF files, made by people's certificates, and judged offline."""
