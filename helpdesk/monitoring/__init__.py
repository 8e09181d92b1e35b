"""What monitoring tools and audit tools send, each in its own public format."""
