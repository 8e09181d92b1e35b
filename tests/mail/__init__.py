"""The mail door: messages in, messages out."""
