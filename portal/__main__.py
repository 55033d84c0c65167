"""`python -m portal` is the `minyi` command."""

from .cli import main

main()
