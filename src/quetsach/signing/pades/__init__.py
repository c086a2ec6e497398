"""PAdES: signatures inside PDF files, made with people's certificates and verified offline."""
