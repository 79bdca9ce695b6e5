"""Looking back over applications: waiting times, the record of a job search, timelines."""
