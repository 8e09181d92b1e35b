"""Run every benchmark of the package: `python -m tests.benchmarks`."""

from importlib import import_module
from pkgutil import iter_modules

import tests.benchmarks


def main() -> None:
    """Print what each module's `run` reports, line by line."""
    for module in iter_modules(tests.benchmarks.__path__, prefix="tests.benchmarks."):
        if not module.name.endswith("__main__"):
            for line in import_module(module.name).run():
                print(line)


if __name__ == "__main__":
    main()
