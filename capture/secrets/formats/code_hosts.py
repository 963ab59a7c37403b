"""Tokens of code hosts, package registries and build services."""

from capture.secrets.formats.format import Format, prefixed

_GITLAB = "https://docs.gitlab.com/security/tokens/#token-prefixes"

CODE_HOSTS: tuple[Format, ...] = (
    prefixed(
        "github_token",
        "ghp_ gho_ ghu_ ghs_ ghr_",
        r"[A-Za-z0-9]{4,}",
        "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/",
    ),
    prefixed(
        "github_fine_grained_token",
        "github_pat_",
        r"[A-Za-z0-9_]{4,}",
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    ),
    prefixed(
        "gitlab_token",
        "glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glwt- "
        "GR1348941",
        r"[A-Za-z0-9_.-]{4,}",
        _GITLAB,
    ),
    prefixed(
        "bitbucket_token",
        "ATBB ATCTT3xFfG",
        r"[A-Za-z0-9_=-]{12,}",
        "https://support.atlassian.com/bitbucket-cloud/docs/using-access-tokens/",
    ),
    prefixed(
        "atlassian_token",
        "ATATT3xFfG ATSTT3xFfG",
        r"[A-Za-z0-9_=-]{4,}",
        "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
    ),
    prefixed(
        "npm_token",
        "npm_",
        r"(?=[a-z]{0,35}[A-Z0-9])[A-Za-z0-9]{8,}",
        "https://docs.npmjs.com/about-access-tokens",
    ),
    Format(
        "npmrc_auth",
        r"(?<![A-Za-z0-9_])_(?:authToken|auth|password)\s{0,3}=\s{0,3}[\"']?(?!\$)[^\s\"'$]{4,}",
        ("_auth", "_password"),
        "https://docs.npmjs.com/cli/configuring-npm/npmrc",
    ),
    prefixed(
        "pypi_token",
        "pypi-",
        r"AgE[A-Za-z0-9_-]{4,}|(?<![A-Za-z0-9])pypi-(?=[A-Za-z_-]{0,20}[0-9])[A-Za-z0-9_-]{24,}",
        "https://warehouse.pypa.io/development/token-scanning.html",
    ),
    prefixed(
        "rubygems_key", "rubygems_", r"[0-9a-f]{6,}", "https://guides.rubygems.org/api-key-scopes/"
    ),
    prefixed(
        "crates_token",
        "cio",
        r"(?=[a-z]{0,35}[A-Z0-9])[A-Za-z0-9]{24,}",
        "https://doc.rust-lang.org/cargo/reference/registry-authentication.html",
    ),
    prefixed(
        "nuget_key",
        "oy2",
        r"[a-z0-9]{24,}",
        "https://learn.microsoft.com/en-us/nuget/nuget-org/publish-a-package",
    ),
    prefixed(
        "docker_token",
        "dckr_pat_ dckr_oat_",
        r"[A-Za-z0-9_-]{4,}",
        "https://docs.docker.com/security/access-tokens/",
    ),
    Format(
        "docker_auth",
        r"[\"']?auth[\"']?\s{0,3}:\s{0,3}[\"'][A-Za-z0-9+/]{12,}={0,2}[\"']",
        ("auth",),
        "https://docs.docker.com/reference/cli/docker/login/",
    ),
    prefixed(
        "clojars_token",
        "CLOJARS_",
        r"[0-9a-f]{8,}",
        "https://github.com/clojars/clojars-web/wiki/Deploy-Tokens",
    ),
    prefixed(
        "artifactory_key",
        "AKCp cmVmdGtuO",
        r"[A-Za-z0-9]{8,}",
        "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens",
    ),
    prefixed(
        "sourcegraph_token",
        "sgp_ sgd_ slk_",
        r"(?=[A-Za-z_]{0,20}[0-9])[A-Za-z0-9_]{12,}",
        "https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token",
    ),
    prefixed(
        "circleci_token",
        "CCIPAT_ CCIPRJ_",
        r"[A-Za-z0-9_]{4,}",
        "https://circleci.com/docs/managing-api-tokens/",
    ),
    prefixed(
        "buildkite_token",
        "bkua_ bkct_ bkaj_",
        r"[A-Za-z0-9]{6,}",
        "https://buildkite.com/docs/platform/security/tokens",
    ),
    prefixed(
        "sonarqube_token",
        "sqp_ squ_ sqa_",
        r"[0-9a-f]{8,}",
        "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/",
    ),
    prefixed(
        "postman_key",
        "PMAK-",
        r"[0-9a-f]{6,}",
        "https://learning.postman.com/docs/developer/postman-api/authentication/",
    ),
    prefixed(
        "packagist_token",
        "packagist_uut_ packagist_out_ packagist_ack_ packagist_acs_",
        r"[A-Za-z0-9]{4,}",
        "https://packagist.com/docs/composer-authentication",
    ),
    prefixed(
        "hex_organization_key",
        "hexpm_",
        r"(?=[A-Za-z]{0,20}[0-9])[A-Za-z0-9]{12,}",
        "https://hex.pm/docs/private",
    ),
    prefixed(
        "travis_token",
        "travis_",
        r"[A-Za-z0-9]{20,}",
        "https://docs.travis-ci.com/user/best-practices-security/",
    ),
    prefixed(
        "gitea_token", "gta_ gto_", r"[0-9a-f]{16,}", "https://docs.gitea.com/development/api-usage"
    ),
    prefixed(
        "snyk_token",
        "snyk_uat. snyk_sat.",
        r"[A-Za-z0-9._-]{6,}",
        "https://docs.snyk.io/snyk-api/authentication-for-api",
    ),
)
