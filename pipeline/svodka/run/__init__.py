"""Running the pipeline over many articles: in this process, in several, and into a folder of tables."""
