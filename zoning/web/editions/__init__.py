"""New editions of layers: handed in, looked at, compared, put into force, taken back."""
