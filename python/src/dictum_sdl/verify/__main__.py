import sys

from . import dictum_check

sys.exit(dictum_check.main(sys.argv[1:]))
