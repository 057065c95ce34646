"""Tools of planners and restoration teams: a short form becomes a command line, which runs as a job."""
