"""Applications: submitting them, and what each of their moves does."""

from .submitting import Given, Submission, Submitted, submit

__all__ = ["Given", "Submission", "Submitted", "submit"]
