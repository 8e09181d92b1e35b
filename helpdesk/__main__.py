"""`python -m helpdesk` is the command line."""

import sys

from helpdesk.cli import main

sys.exit(main())
