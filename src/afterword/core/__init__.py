"""The pure room: facts in, plan and events out; no clock, file or network."""
