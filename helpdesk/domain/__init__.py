"""The rules of maintenance contracts: pure, with time as an argument."""
