"""What comes in from outside, and what it does to what is kept: facts in, new facts out."""
