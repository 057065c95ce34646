"""Run the command line as `python -m zoning`."""

from zoning.cli import main

main()
