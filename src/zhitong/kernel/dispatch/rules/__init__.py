"""What is decided on plain values: when a suggestion is good enough, what is like what, what is hot."""
