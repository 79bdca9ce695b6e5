"""From an application to its plan: when each step may be done, and why."""
