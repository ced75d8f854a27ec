"""What happened to accounts, for those who must find out later."""
