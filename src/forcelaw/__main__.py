"""`python -m forcelaw`, the same program as `forcelaw`."""

from forcelaw.cli import main

if __name__ == "__main__":
    main()
