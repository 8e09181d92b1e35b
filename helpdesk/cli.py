"""The command line: one word per thing an operator does."""


def main() -> None:
    """Run the command named on the command line."""
