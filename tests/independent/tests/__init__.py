"""The worked examples of the accounting rules, through the second audit alone: `python3 -m unittest discover` from the
folder above."""
