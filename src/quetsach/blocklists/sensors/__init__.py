"""Lists moved into sensors and resolvers that run: what each is told, and what is put back."""
