"""Signed webhooks: other systems are told what happens, by the Standard Webhooks convention."""
