"""What monitoring and audit tools send."""
