"""The version of the program; `zoning.__version__` is the same."""

__version__ = "0.6.0"
