"""The hall for other systems: what is offered, and taking in what was brought to their counters."""
