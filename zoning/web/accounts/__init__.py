"""Who may sign in: accounts, passwords, sessions, tokens."""
