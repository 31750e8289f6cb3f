"""`python tests/fuzz --inputs 1000000 --seed 0`: damaged inputs for every reader."""

from fuzz_run import main

raise SystemExit(main())
