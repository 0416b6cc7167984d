"""What several components of one family share: the objects and values that differ only in a name or two."""
