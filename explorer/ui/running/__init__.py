"""Workers and runs: started, stopped, carried on and made again."""
