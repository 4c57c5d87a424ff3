"""``python -m svodka`` is the command ``svodka``."""

from svodka.cli import main

if __name__ == "__main__":
    main(prog_name="svodka")
