"""The application file (TOML): schema, reader, writer and editor."""
