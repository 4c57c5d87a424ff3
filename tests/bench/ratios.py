"""Speed and memory on the corpus beside the checkout, against what the project promises. No part of ``make test``.

    python tests/bench/ratios.py [--docs N]

The figures, and what is asked of them, are those of ``svodka bench``; without the corpus nothing is measured, and that
is said.
"""

import sys
from pathlib import Path

from svodka.cli import main

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "newsru.jsonl.gz"

if __name__ == "__main__":
    if not CORPUS.exists():
        sys.exit(f"{CORPUS} is not beside the checkout; `svodka bench CORPUS` measures on another corpus")
    main(["bench", str(CORPUS), *sys.argv[1:]])
