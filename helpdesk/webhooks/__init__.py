"""The way out for webhooks: who may be called, and the call itself."""
