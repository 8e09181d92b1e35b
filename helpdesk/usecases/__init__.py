"""What can be done: one file per verb, one transaction each."""
