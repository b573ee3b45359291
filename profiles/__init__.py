"""What a launch is: profiles, their store, and docker-run reading and writing. Pure; no terminal, no network."""
