"""The pipeline of the chosen CI service."""
