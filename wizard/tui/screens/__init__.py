"""Screens: the main one, and a few general ones that everything else is put together from."""
