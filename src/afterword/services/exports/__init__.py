"""Write calendar files, keep those written before up to date, and ask before events go."""
