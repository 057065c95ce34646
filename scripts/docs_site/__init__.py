"""The documentation site: pages are gathered in one folder, with what is made from the code, and built by MkDocs."""
