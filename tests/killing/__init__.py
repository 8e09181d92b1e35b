"""The program is killed with SIGKILL in the middle of its work: nothing lost, nothing twice."""
