"""The data package: all that is public as one archive of tables that describes itself."""
