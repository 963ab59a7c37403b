"""The stages, one module each; `pipeline.command` lists them."""
