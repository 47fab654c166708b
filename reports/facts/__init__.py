"""What a report states, as frozen values: read from the rows once, stored with the version, never read again."""
