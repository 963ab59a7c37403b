"""Keys of clouds, and of what runs in them."""

from capture.secrets.formats.format import Format, prefixed

_AWS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_AZURE = "https://learn.microsoft.com/en-us/"
_GOOGLE = "https://cloud.google.com/docs/authentication"

CLOUDS: tuple[Format, ...] = (
    Format(
        "aws_access_key_id",
        r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)(?=[A-Z2-7]{0,15}[2-7])[A-Z2-7]{4}[A-Z0-9]*"
        r"|(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
        ("AKIA", "ASIA", "ABIA", "ACCA"),
        _AWS + "reference_identifiers.html",
    ),
    Format(
        "aws_secret_access_key",
        r"aws.{0,40}?(?:secret|access|key|token|sk).{0,20}?[\"'\s:=>][A-Za-z0-9/+]{40}"
        r"(?![A-Za-z0-9/+])",
        ("aws",),
        _AWS + "id_credentials_access-keys.html",
        folded=True,
    ),
    prefixed(
        "aws_session_token",
        "IQoJb3JpZ2lu FwoGZXIvYXdz FQoGZXIvYXdz",
        r"[A-Za-z0-9/+=]{4,}",
        _AWS + "id_credentials_temp_use-resources.html",
    ),
    prefixed(
        "aws_bedrock_key",
        "ABSKQmVkcm9ja0FQSUtle bedrock-api-key-",
        r"[A-Za-z0-9+/=]{4,}",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
    ),
    prefixed(
        "amazon_mws_token",
        "amzn.mws.",
        r"[0-9a-f-]{4,}",
        "https://developer-docs.amazon.com/sp-api/docs/migrating-from-amazon-mws",
    ),
    prefixed(
        "amazon_lwa_secret",
        "amzn1.oa2-cs.v1.",
        r"[0-9a-f]{4,}",
        "https://developer-docs.amazon.com/sp-api/docs/rotating-your-apps-lwa-credentials",
    ),
    Format(
        "azure_shared_key",
        r"(?:AccountKey|SharedAccessKey|SharedSecretKey|PrimaryKey)\s?=\s?[A-Za-z0-9+/]{6,}={0,2}",
        ("AccountKey", "SharedAccessKey", "SharedSecretKey", "PrimaryKey"),
        _AZURE + "azure/storage/common/storage-configure-connection-string",
    ),
    Format(
        "azure_storage_key",
        r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==",
        ("==",),
        _AZURE + "azure/storage/common/storage-account-keys-manage",
    ),
    Format(
        "azure_sas_signature",
        r"(?:[?&;]|\bsig=|\w)sig=[A-Za-z0-9%+/]{16,}={0,2}|[?&]sig=[A-Za-z0-9%+/]{8,}",
        ("sig=",),
        _AZURE + "rest/api/storageservices/create-service-sas",
    ),
    Format(
        "entra_client_secret",
        r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{8,}",
        ("Q~",),
        _AZURE + "entra/identity-platform/quickstart-register-app",
    ),
    Format(
        "azure_devops_token",
        r"[A-Za-z0-9]{40,}AZDO[A-Za-z0-9]{4}",
        ("AZDO",),
        _AZURE + "azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate",
    ),
    Format(
        "firebase_server_key",
        r"(?<![A-Za-z0-9])AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{6,}",
        ("AAAA",),
        "https://firebase.google.com/docs/cloud-messaging/auth-server",
    ),
    prefixed("google_api_key", "AIza", r"[A-Za-z0-9_-]{6,}", _GOOGLE + "/api-keys"),
    prefixed(
        "google_oauth_secret",
        "GOCSPX-",
        r"[A-Za-z0-9_-]{4,}",
        "https://support.google.com/cloud/answer/15549257",
    ),
    prefixed("google_access_token", "ya29.", r"[A-Za-z0-9_-]{6,}", _GOOGLE + "/token-types"),
    Format(
        "google_refresh_token",
        r"(?<![A-Za-z0-9/])1//0[A-Za-z0-9_-]{16,}",
        ("1//0",),
        "https://developers.google.com/identity/protocols/oauth2",
    ),
    Format(
        "google_service_account_key_id",
        r"private_key_id[\"']?\s{0,3}[:=]\s{0,3}[\"']?[0-9a-f]{8,}",
        ("private_key_id",),
        "https://cloud.google.com/iam/docs/keys-create-delete",
    ),
    prefixed(
        "digitalocean_token",
        "dop_v1_ doo_v1_ dor_v1_",
        r"[0-9a-f]{4,}",
        "https://docs.digitalocean.com/reference/api/create-personal-access-token/",
    ),
    prefixed(
        "heroku_key",
        "HRKU-",
        r"[A-Za-z0-9_-]{6,}",
        "https://devcenter.heroku.com/articles/authentication",
    ),
    Format(
        "alibaba_access_key_id",
        r"(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{8,20}(?![A-Za-z0-9])",
        ("LTAI",),
        "https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair",
    ),
    Format(
        "tencent_secret_id",
        r"(?<![A-Za-z0-9])AKID[A-Za-z0-9]{12,36}(?![A-Za-z0-9])",
        ("AKID",),
        "https://www.tencentcloud.com/document/product/598/32675",
    ),
    Format(
        "scaleway_access_key",
        r"(?<![A-Za-z0-9])SCW[A-Z0-9]{17}(?![A-Za-z0-9])",
        ("SCW",),
        "https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/",
    ),
    prefixed(
        "yandex_key",
        "AQVN y0_Ag t1.9eu",
        r"[A-Za-z0-9_-]{8,}",
        "https://yandex.cloud/en/docs/iam/concepts/authorization/api-key",
    ),
    Format(
        "cloudflare_origin_ca_key",
        r"(?<![A-Za-z0-9])v1\.0-[0-9a-f]{12,}-[0-9a-f]{8,}",
        ("v1.0-",),
        "https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/",
    ),
    prefixed(
        "supabase_key",
        "sbp_ sb_secret_",
        r"[A-Za-z0-9_]{8,}",
        "https://supabase.com/docs/guides/api/api-keys",
    ),
    prefixed(
        "netlify_token",
        "nfp_ nfc_ nfo_ nfb_",
        r"[A-Za-z0-9]{8,}",
        "https://docs.netlify.com/api/get-started/",
    ),
    prefixed(
        "render_key",
        "rnd_",
        r"(?=[A-Za-z]{0,30}[0-9])[A-Za-z0-9]{12,}",
        "https://render.com/docs/api",
    ),
    prefixed(
        "fly_token",
        "FlyV1 fo1_ fm1r_ fm2_ fm1a_",
        r"\s?[A-Za-z0-9_+/=-]{8,}",
        "https://fly.io/docs/security/tokens/",
    ),
    prefixed(
        "databricks_token",
        "dapi dkea dose dsapi",
        r"[0-9a-f]{12,}",
        "https://docs.databricks.com/en/dev-tools/auth/pat.html",
    ),
    prefixed(
        "planetscale_token",
        "pscale_tkn_ pscale_pw_ pscale_oauth_",
        r"[A-Za-z0-9_.=-]{4,}",
        "https://planetscale.com/docs/concepts/service-tokens",
    ),
    prefixed("neon_key", "napi_", r"[a-z0-9]{16,}", "https://neon.tech/docs/manage/api-keys"),
    Format(
        "terraform_cloud_token",
        r"[A-Za-z0-9]{8,}\.atlasv1\.[A-Za-z0-9_=-]{4,}",
        (".atlasv1.",),
        "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens",
    ),
    prefixed(
        "vault_token",
        "hvs. hvb. hvr.",
        r"[A-Za-z0-9_-]{8,}",
        "https://developer.hashicorp.com/vault/docs/concepts/tokens",
    ),
    prefixed(
        "pulumi_token",
        "pul-",
        r"[0-9a-f]{12,}",
        "https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/",
    ),
    prefixed(
        "doppler_token",
        "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.",
        r"[A-Za-z0-9_.]{6,}",
        "https://docs.doppler.com/reference/auth-token-formats",
    ),
    prefixed(
        "onepassword_token",
        "ops_eyJ",
        r"[A-Za-z0-9+/=_-]{4,}",
        "https://developer.1password.com/docs/service-accounts/",
    ),
    Format(
        "onepassword_secret_key",
        r"(?<![A-Za-z0-9])A3-[A-Z0-9]{6}-[A-Z0-9]{4,}",
        ("A3-",),
        "https://support.1password.com/secret-key-security/",
    ),
    prefixed(
        "tailscale_key",
        "tskey-",
        r"[a-z]{2,12}-[A-Za-z0-9-]{4,}",
        "https://tailscale.com/kb/1277/key-prefixes",
    ),
    prefixed(
        "akamai_token",
        "akab-",
        r"[a-z0-9]{8,}",
        "https://techdocs.akamai.com/developer/docs/edgegrid",
    ),
)
