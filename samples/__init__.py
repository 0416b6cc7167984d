"""Whole designs with their exported trees, refused ones with their expected text, and the small programs around them."""
