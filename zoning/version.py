"""The version of the program; `zoning.__version__` is the same."""

__version__ = "1.0.0"
