"""What departments send: sources and their contracts (resources and items come with the catalogue)."""
