"""Keys of those who serve models."""

from capture.secrets.formats.format import Format, prefixed

MODEL_HOSTS: tuple[Format, ...] = (
    prefixed(
        "openai_key",
        "sk-proj- sk-svcacct- sk-admin- sk-None-",
        r"[A-Za-z0-9_-]{6,}",
        "https://platform.openai.com/docs/api-reference/authentication",
    ),
    Format(
        "openai_legacy_key",
        r"(?<![A-Za-z0-9])sk-(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9]{20,}",
        ("sk-",),
        "https://platform.openai.com/docs/api-reference/authentication",
    ),
    prefixed(
        "anthropic_key",
        "sk-ant-",
        r"[A-Za-z0-9_-]{6,}",
        "https://docs.anthropic.com/en/api/overview",
    ),
    prefixed(
        "openrouter_key",
        "sk-or-",
        r"[A-Za-z0-9_-]{6,}",
        "https://openrouter.ai/docs/api-reference/authentication",
    ),
    prefixed("langfuse_key", "sk-lf-", r"[0-9a-f-]{6,}", "https://langfuse.com/docs/api"),
    prefixed(
        "huggingface_token",
        "hf_",
        r"(?=[a-z]{0,33}[A-Z])[A-Za-z]{24,}|(?<![A-Za-z0-9])hf_(?=[a-z]{0,20}[A-Z])[A-Za-z0-9]{12,}",
        "https://huggingface.co/docs/hub/security-tokens",
    ),
    prefixed(
        "huggingface_organization_token",
        "api_org_",
        r"[A-Za-z]{12,}",
        "https://huggingface.co/docs/hub/security-tokens",
    ),
    prefixed(
        "replicate_token",
        "r8_",
        r"[A-Za-z0-9]{8,}",
        "https://replicate.com/docs/topics/security/api-tokens",
    ),
    prefixed("groq_key", "gsk_", r"[A-Za-z0-9]{8,}", "https://console.groq.com/docs/quickstart"),
    prefixed(
        "xai_key",
        "xai-",
        r"(?=[A-Za-z]{0,60}[0-9])[A-Za-z0-9]{12,}",
        "https://docs.x.ai/docs/overview",
    ),
    prefixed(
        "perplexity_key",
        "pplx-",
        r"(?=[a-z]{0,20}[A-Z0-9])[A-Za-z0-9]{12,}",
        "https://docs.perplexity.ai/getting-started/quickstart",
    ),
    prefixed(
        "langsmith_key",
        "lsv2_pt_ lsv2_sk_",
        r"[0-9a-f_]{6,}",
        "https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key",
    ),
    prefixed(
        "nvidia_key",
        "nvapi-",
        r"[A-Za-z0-9_-]{8,}",
        "https://docs.nvidia.com/ngc/gpu-cloud/ngc-user-guide/index.html",
    ),
    prefixed(
        "fireworks_key",
        "fw_",
        r"(?=[a-z]{0,22}[A-Z0-9])[A-Za-z0-9]{20,}",
        "https://docs.fireworks.ai/getting-started/quickstart",
    ),
    prefixed(
        "pinecone_key",
        "pcsk_",
        r"[A-Za-z0-9_]{6,}",
        "https://docs.pinecone.io/guides/projects/manage-api-keys",
    ),
    prefixed(
        "voyage_key",
        "pa-",
        r"(?=[a-z]{0,20}[A-Z])(?=[A-Za-z_-]{0,20}[0-9])[A-Za-z0-9_-]{30,}",
        "https://docs.voyageai.com/docs/api-key-and-installation",
    ),
    prefixed(
        "cerebras_key", "csk-", r"[a-z0-9]{16,}", "https://inference-docs.cerebras.ai/quickstart"
    ),
    prefixed(
        "wandb_key",
        "wandb_v1_",
        r"[A-Za-z0-9_]{6,}",
        "https://docs.wandb.ai/models/app/settings-page/user-settings",
    ),
    prefixed(
        "tavily_key",
        "tvly-",
        r"[A-Za-z0-9_-]{12,}",
        "https://docs.tavily.com/documentation/quickstart",
    ),
)
