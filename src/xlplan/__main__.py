"""``python -m xlplan``."""

from xlplan.cli import main

if __name__ == "__main__":
    main(prog_name="xlplan")
