"""The application file (TOML): read, check, write, edit."""
