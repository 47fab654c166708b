"""From an uploaded file to typed rows and problems.

gate -> reader (a limited child process) -> layout recognised by cells -> ParsedFile. The way in is
`schools.intake.parse.parse_file`. Nothing here knows Django or the database;
`schools.actions.imports` stores what came out.
"""
