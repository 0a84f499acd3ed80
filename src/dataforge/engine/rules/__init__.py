"""Rules and derived values: evaluating expressions on Arrow, narrowing what columns may hold."""
