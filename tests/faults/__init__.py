"""What is left when a part of the machine dies: everything that was acknowledged, once."""
