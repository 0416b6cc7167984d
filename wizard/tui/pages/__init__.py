"""Pages: each makes rows from a View, and says in text what the row under the cursor is about. No widgets."""
