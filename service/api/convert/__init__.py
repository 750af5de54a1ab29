"""Domain to wire and back, one module a concern.

Always true: converting decides nothing; a message that has no meaning in the domain is an InvalidRequest that names
the field.
"""
