"""The report of a fleet: what it says, and its page and files. It runs on the controller."""
