"""Running the server: health, metrics, logs, backup."""
