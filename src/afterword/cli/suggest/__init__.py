"""Show suggested interviews and ask about them."""
