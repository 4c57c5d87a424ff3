"""Tables in other formats than Parquet; a module is a format."""
