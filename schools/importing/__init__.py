"""What a recognised file would change in the portal, and how that is done and undone.

parsed rows -> a ledger of what stands in the portal -> planned rows (before, after, outcome) -> ImportRow. Applying
replays the planned rows over a fresh ledger and refuses if anything differs from the preview; undoing rewinds them.
"""
