"""One module per CI service, named by its component id: `files(pipeline)` gives name under delivery/ to text."""
