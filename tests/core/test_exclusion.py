import pytest

from zeta_lsp.core.exclusion import BUILT_IN_GLOBS, Exclusions, excluded
from zeta_lsp.core.glob import compiled

ROOT = "/home/ada/project"


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        ".env.production",
        "a/.ENV",
        "server.pem",
        "tls/site.KEY",
        "x.crt",
        "x.cert",
        ".dev.vars",
        "config/secrets.yml",
        ".zed/settings.json",
        "zed/keymap.json",
        "id_rsa",
        "keys/id_ed25519.pub",
        "id_work",
        "store.p12",
        "store.PFX",
        "store.jks",
        "vault.kdbx",
        "mail.asc",
        "mail.gpg",
        ".npmrc",
        ".pypirc",
        ".netrc",
        ".git-credentials",
        ".htpasswd",
        "credentials.json",
        "prod.tfvars",
        "terraform.tfstate",
        "terraform.tfstate.backup",
        "kubeconfig",
        "secrets/prod/password.txt",
        ".ssh/config",
        ".aws/config",
        ".gnupg/gpg.conf",
        ".kube/config",
        ".bash_history",
        ".zsh_history",
        ".git/config",
        ".git/COMMIT_EDITMSG",
        "zeta-lsp/config.toml",
    ],
)
def test_secrets_are_excluded_by_default(name: str) -> None:
    assert excluded(f"{ROOT}/{name}", ROOT)
    assert excluded(f"/elsewhere/{name}", None)


@pytest.mark.parametrize(
    "name",
    ["main.py", "environment.py", "id_map.py", "keys.rs", "secret.py", "README.md", ".gitignore"],
)
def test_ordinary_files_are_not(name: str) -> None:
    assert excluded(f"{ROOT}/{name}", ROOT) is None


def test_the_rule_that_matched_is_named() -> None:
    assert excluded(f"{ROOT}/private/a.py", ROOT, ["private/"]) == "private/"


def test_globs_are_relative_to_the_workspace_folder_and_absolute() -> None:
    assert excluded(f"{ROOT}/docs/a.md", ROOT, ["docs/*.md"])
    assert excluded(f"{ROOT}/docs/a.md", ROOT, [f"{ROOT}/docs"])
    assert excluded("/other/docs/a.md", ROOT, ["docs/*.md"]) is None


def test_what_a_link_points_to_counts_too() -> None:
    exclusions = Exclusions(["vault/*"])
    link = f"{ROOT}/harmless.txt"
    assert exclusions.rule_for(link, ROOT, "/srv/.env") == "**/.env*"
    assert exclusions.rule_for(link, ROOT, "/real/vault/x", "/real") == "vault/*"
    assert exclusions.rule_for(link, ROOT) is None


def test_case_and_composition_make_no_difference() -> None:
    assert excluded(f"{ROOT}/PRIVE\u0301/x", ROOT, ["priv\u00e9/"])
    assert excluded(r"C:\Work\SECRETS\x", r"c:\work")


def test_the_built_in_rules_are_always_there() -> None:
    assert Exclusions([]).rule_for("/x/.env")
    assert Exclusions(["*.md"]).rule_for("/x/.env")
    for glob in BUILT_IN_GLOBS:
        assert compiled(glob)


def test_a_glob_that_cannot_be_read_takes_no_other_with_it() -> None:
    assert excluded("/x/a.md", None, ["[", "*.md"]) == "*.md"


def test_many_paths_are_not_remembered_for_ever() -> None:
    exclusions = Exclusions()
    for number in range(10_000):
        exclusions.rule_for(f"/x/{number}.py")
    assert exclusions.rule_for("/x/.env")
    assert len(exclusions._known) < 5000
