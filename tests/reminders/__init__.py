"""What should be reminded, told twice: by the product and by a slow reference."""
