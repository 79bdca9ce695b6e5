"""Looking back: silences, the record of the search, timelines."""
