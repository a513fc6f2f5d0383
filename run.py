"""Sets Tensor Explorer up and opens it, or tests it.

    python3 run.py [FILE]              open the window, on FILE or on a lesson
    python3 run.py test [PYTEST ARGS]  lint, types and tests; with arguments, only those tests

Needs Python 3.11 or newer and nothing else: everything goes into the folder .venv beside this
file. This file keeps to words that every Python 3 understands, so that an old one is told so.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Tensor Explorer needs Python 3.11 or newer and this is Python %d.%d: "
        "start it with a newer one, for example python3.11 run.py" % sys.version_info[:2]
    )

from bootstrap.commands import main

sys.exit(main(sys.argv[1:]))
