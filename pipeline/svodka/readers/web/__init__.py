"""Pages of the web: as they are saved, and in archives."""
