"""What programs hand in and get back, for REST and for the OGC process alike."""
