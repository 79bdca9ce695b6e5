"""Log in to servers with access tokens."""
