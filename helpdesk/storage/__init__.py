"""The only SQL of the engine."""
