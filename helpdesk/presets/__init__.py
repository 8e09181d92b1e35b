"""Plans, matrix and targets of the source documents, as data."""
