"""Bytes to and from the model; no path is opened here, no clock read, no server asked."""
