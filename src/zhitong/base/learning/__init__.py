"""Learning from texts without Django or a database: what it is about, what is like it, what is hot."""
