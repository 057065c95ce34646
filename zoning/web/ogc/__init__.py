"""OGC API - Features and Processes, through pygeoapi."""
