"""The command line: arguments, headless verbs, the terminal itself."""
