"""JetBrains IDEs: the steps to take in the plugin LSP4IJ.

An IDE writes its settings when it ends, over whatever stood there, so they are not written here.
"""

from zeta_lsp.setup.change import Plan
from zeta_lsp.setup.recipes.recipe import Editor, Found
from zeta_lsp.setup.surroundings import Surroundings

_PRODUCTS = (
    ("idea", "IntelliJ IDEA"),
    ("pycharm", "PyCharm"),
    ("webstorm", "WebStorm"),
    ("goland", "GoLand"),
    ("clion", "CLion"),
    ("rider", "Rider"),
    ("phpstorm", "PhpStorm"),
    ("rubymine", "RubyMine"),
    ("rustrover", "RustRover"),
    ("studio", "Android Studio"),
)
_STEPS = """\
1. Settings → Plugins: install LSP4IJ.
2. Settings → Languages & Frameworks → Language Servers → +
     Server    name: zeta, command: {server}
     Mappings  file name patterns: *.*, language id: plaintext"""


class JetBrains:
    """The IDEs of JetBrains, with the free plugin LSP4IJ."""

    names = ("jetbrains",)

    def find(self, here: Surroundings) -> list[Found]:
        """See the class: the first one that is there stands for all."""
        for command, title in _PRODUCTS:
            places = (
                f"~/.local/share/JetBrains/Toolbox/scripts/{command}",
                f"/Applications/{title}.app/Contents/MacOS/{command}",
            )
            editor = Editor("jetbrains", title, (command, f"{command}.sh"), places)
            program = here.program(editor.commands, editor.places)
            if program:
                return [Found("jetbrains", title, program)]
        return []

    def plan(self, found: Found, here: Surroundings) -> Plan:
        """See the class."""
        steps = _STEPS.format(server=here.server_for(desktop=True))
        return Plan(refusal=f"{found.title} is set up in its own settings:", snippet=steps)
