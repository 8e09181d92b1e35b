"""What happens without anybody asking: the inbox, the outbox and the deadlines."""
