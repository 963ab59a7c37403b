"""Compare with other servers: ``python -m tests.bench.peers [--json] [--quick]``."""

import argparse
import json

from rich.console import Console

from tests.bench.peers.comparison import compare, show


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--quick", action="store_true", help="fewer keystrokes")
    arguments = parser.parse_args()
    report = compare(40 if arguments.quick else 300)
    if arguments.json:
        print(json.dumps(report, indent=2))
    else:
        show(report, Console())


if __name__ == "__main__":
    main()
