"""The generated reference pages of docs/, by what they are about."""
