"""What a file really is and whether it is safe: pure inspection of bytes, no port, no network, no file.

`apart.inspect_apart` is what the product calls: a child process with hard limits runs `whole.inspect`. Nothing
is imported here, so that the child loads only the parser that the declared type needs.
"""
