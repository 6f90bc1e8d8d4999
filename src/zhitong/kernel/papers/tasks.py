"""What comes round."""
