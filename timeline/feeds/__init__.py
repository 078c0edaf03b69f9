"""The timeline for other programs: feed, calendar, JSON, and what pages tell search engines."""
