"""What to write into a client's settings so that it asks here."""

import msgspec

ZED_FORMATS = {
    "zeta2.1": "zeta2_1",
    "zeta-v0420": "zeta2_1",
    "zeta2": "zeta2",
    "zeta1": "zeta",
    "sweep": "sweep",
    "fim-qwen": "qwen",
    "fim-starcoder": "star_coder",
    "fim-codellama": "code_llama",
    "fim-deepseek": "deepseek_coder",
    "fim-codestral": "codestral",
    "fim-codegemma": "code_gemma",
}
"""Zed's names of the formats that it renders and we read."""
_DEFAULT = "zeta2_1"
_OUTPUT_TOKENS = 512


def zed_settings(url: str, format_name: str) -> str:
    """The part of Zed's ``settings.json`` that makes this gateway its provider.

    `format_name` is the format that the model behind the gateway wants, so that prompts pass as
    they are; empty where it is not known or none.
    """
    provider = {
        "api_url": f"{url}/v1/completions",
        "model": "zeta-lsp",
        "prompt_format": ZED_FORMATS.get(format_name, _DEFAULT),
        "max_output_tokens": _OUTPUT_TOKENS,
    }
    name = "open_ai_compatible_api"
    settings = {"edit_predictions": {"provider": name, name: provider}}
    return msgspec.json.format(msgspec.json.encode(settings), indent=2).decode()
