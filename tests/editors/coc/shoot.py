"""Take the picture of the documentation: the one of Vim, in coc.nvim.

python -m tests.editors.coc.shoot docs/images/coc.png
"""

import sys
from pathlib import Path

from tests.editors.drivers.coc import Editor
from tests.editors.vim.shoot import take

if __name__ == "__main__":
    take(Path(sys.argv[1]), Editor)
