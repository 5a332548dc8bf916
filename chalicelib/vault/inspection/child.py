"""What runs in the child process of `apart`: limits first, then the imports, then the content, then the door shut."""

import resource
import sys

READY = b"ready\n"
MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 10


def main(declared_media: str, *path: str) -> None:
    """Inspect standard input and write one line; whatever may be opened is opened before the first byte is parsed."""
    _limit(resource.RLIMIT_AS, MEMORY)
    # One second between the two: the soft limit's own signal tells slow content from a child that somebody killed.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    sys.path[:] = path
    from chalicelib.vault.inspection import whole  # noqa: PLC0415  the path is known only now

    content = sys.stdin.buffer.read()
    whole.prepare(content, declared_media)
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    _limit(resource.RLIMIT_NOFILE, 0)
    verdict = whole.inspect(content, declared_media)
    sys.stdout.buffer.write(f"{verdict.ok:d} {verdict.reason} {verdict.media}".encode())


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(*sys.argv[1:])
