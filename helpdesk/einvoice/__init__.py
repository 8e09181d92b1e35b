"""Electronic invoices: their file, their page, and what the client's platform would say."""
