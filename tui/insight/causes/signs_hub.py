"""Signs of the model hub: access, names, networks, certificates, limits, broken downloads.

Texts: huggingface_hub 0.23 to 2.4, transformers 4.45 to 5, requests, urllib3, httpx, hf-xet, modelscope, vLLM's own retries.
"""

from __future__ import annotations

from tui.insight.causes.signs import Row, row

_REPO = r"(?P<repo>[\w.-]+/[\w.-]+)"
_AT = r"(?:https?://[\w.:-]+/(?:api/models/)?" + _REPO + r"(?:/(?:resolve|tree|revision)|[.\s?]|$))"
_CUT = r"^(?!.*(?:rror response from daemon|docker:)).*"

# fmt: off
ROWS: tuple[Row, ...] = (
    row("hub-ssl", "CERTIFICATE_VERIFY_FAILED", r"(?:host='(?P<host>[\w.-]+)'.*)?CERTIFICATE_VERIFY_FAILED\]? ?(?P<error>certificate verify failed[^(\n']*)?", 0, True),
    row("hub-ssl", "certificate verify failed", r"(?P<error>certificate verify failed[^(\n']*)", 0, True),
    row("hub-ssl", "invalid peer certificate", r"(?P<error>invalid peer certificate[^)\n]*)", 0, True),
    row("hub-ssl", "WRONG_VERSION_NUMBER", "", 0, True),
    row("hub-ssl", "self-signed certificate", _CUT + r"self-signed certificate", 0, True),
    row("hub-ssl", "TLS CA certificate bundle", r"invalid path: (?P<path>\S+)", 0),
    row("hub-rate-limit", "429 Client Error", r"429 Client Error(?::? Too Many Requests)?(?:.*for url: https?://[\w.:-]+/(?:api/models/)?" + _REPO + r"(?:/(?:resolve|tree|revision)|[.\s?]|$))?", 0, True),
    row("hub-rate-limit", "HTTP Error 429 thrown", r"while requesting \w+ https?://[\w.:-]+/(?:api/models/)?" + _REPO, 1, True),
    row("hub-rate-limit", "Too Many Requests for url", "", 0, True),
    row("hub-rate-limit", "429 Too Many Requests", _CUT + r"429 Too Many Requests", 1),
    row("hub-rate-limit", "e had to rate limit you", "", 0, True),
    row("hub-rate-limit", "hit the rate limit", "", 1),
    row("hub-gated", "ccess gated repo", r"ccess gated repo for url https?://[\w.:-]+/(?:api/models/)?" + _REPO, 1),
    row("hub-gated", "trying to access a gated repo", r"gated repo\.?(?:[\s\S]{0,80}?huggingface\.co/" + _REPO + ")?", 1),
    row("hub-gated", "GatedRepoError", r"GatedRepoError: (?P<status>\d{3}) Client Error[\s\S]*?(?:url:? https?://[\w.:-]+/(?:api/models/)?" + _REPO + ")?", 1),
    row("hub-gated", "is a gated repository", r"(?P<repo>[\w./-]+) is a gated repository", 1),
    row("hub-gated", "is restricted", r"Access to model (?P<repo>[\w./-]+) is restricted", 1),
    row("hub-gated", "not in the authorized list", "", 1),
    row("hub-gated", "nvalid user token", "", 1),
    row("hub-gated", "nvalid credentials in Authorization header", "", 1),
    row("hub-gated", "403 Forbidden: ", r"403 Forbidden: .*(?:token|gated|permission|access)", 2),
    row("hub-not-found", "Repository Not Found for url", r"Not Found for url: " + _AT, 1),
    row("hub-not-found", "Repository Not Found", "", 1),
    row("hub-not-found", "RepositoryNotFoundError", r"RepositoryNotFoundError: (?P<status>\d{3})?[\s\S]{0,300}?(?:for url: " + _AT + ")?", 1),
    row("hub-not-found", "is not a valid model identifier listed on", r"(?P<repo>\S+) is not a local folder and is not a valid model", 1),
    row("hub-not-found", "not a local folder or a valid repository name", r"(?P<repo>\S+) is not a local folder or a valid", 1),
    row("hub-not-found", "Revision Not Found for url", r"Not Found for url: " + _AT + r"(?:\S*?/(?:resolve|tree|revision)/(?P<revision>[^/\s?]+))?", 1),
    row("hub-not-found", "RevisionNotFoundError", "", 1),
    row("hub-not-found", "is not a valid git identifier", r"(?P<revision>\S+) is not a valid git identifier", 1),
    row("hub-not-found", "The request model:", r"The request model: (?P<repo>\S+) does not exist", 1),
    row("hub-not-found", "epo id must use alphanumeric", r"length is 96: '(?P<repo>[^'/\\~.][^'\\]*)'", 1),
    row("hub-interrupted", "onsistency check failed", r"file should be of size (?P<expected>\d+) but has size (?P<got>\d+)(?: \((?P<file>[^)]+)\))?", 0),
    row("hub-interrupted", "IncompleteRead", r"IncompleteRead\((?P<got>\d+) bytes read, (?P<missing>\d+) more expected\)", 0),
    row("hub-interrupted", "onnection broken", "", 0),
    row("hub-interrupted", "esponse ended prematurely", "", 0),
    row("hub-interrupted", "ithout sending complete message body", "", 0),
    row("hub-interrupted", "CAS service error", r"(?P<error>CAS service error[^\n]*)", 1),
    row("hub-interrupted", "Error while downloading from", r"downloading from (?P<url>https?://[^\s?:]+)", 1),
    row("hub-interrupted", "File reconstruction error", r"(?P<error>File reconstruction error[^\n]*)", 1),
    row("hub-interrupted", "ata processing error", r"Data processing error: (?P<error>[^\n]*)", 1),
    row("hub-interrupted", "occurred while downloading using", r"downloading using `(?P<tool>[\w-]+)`", 2),
    row("hub-interrupted", "onnection reset by peer", _CUT + r"onnection reset by peer", 2),
    row("hub-interrupted", "Read timed out", r"(?:host='(?P<host>[\w.-]+)'.*)?Read timed out", 2),
    row("hub-interrupted", "RemoteDisconnected", "", 2),
    row("hub-interrupted", "The read operation timed out", "", 2),
    row("hub-offline", "couldn't connect to", r"couldn't connect to '(?P<host>[^']+)' to load (?:the|this) file", 2),
    row("hub-offline", "outgoing traffic has been disabled", r"(?P<flag>outgoing traffic has been disabled)", 3),
    row("hub-offline", "LocalEntryNotFoundError", "", 3),
    row("hub-offline", "ffline mode is enabled", r"(?:Cannot reach (?P<host>\S+): )?(?P<flag>offline mode is enabled)", 1),
    row("hub-offline", "OfflineModeIsEnabled", r"(?P<flag>OfflineModeIsEnabled)", 1),
    row("hub-offline", "Failed to resolve '", r"Failed to resolve '(?P<host>[^']+)'", 3),
    row("hub-offline", "ame or service not known", r"(?:host='(?P<host>[\w.-]+)'.*)?ame or service not known", 3),
    row("hub-offline", "Temporary failure in name resolution", r"(?:host='(?P<host>[\w.-]+)'.*)?Temporary failure in name resolution", 3),
    row("hub-offline", "etwork is unreachable", r"(?:host='(?P<host>[\w.-]+)'.*)?etwork is unreachable", 3),
    row("hub-offline", "Max retries exceeded with url", r"host='(?P<host>[\w.-]+)'.*Max retries exceeded", 3),
    row("hub-offline", "Failed to establish a new connection", r"(?:host='(?P<host>[\w.-]+)'.*)?Failed to establish a new connection", 3),
    row("hub-offline", "cannot find the requested files in the local cache", "", 3),
    row("hub-offline", "annot find the requested files in the disk cache", "", 3),
    row("hub-offline", "httpx.Connect", r"httpx2?\.Connect(?:Error|Timeout)", 3),
    row("hub-offline", "httpx2.Connect", "", 3),
    row("hub-offline", "All connection attempts failed", "", 3),
    row("hub-offline", "ProxyError", r"(?:host='(?P<host>[\w.-]+)'.*)?ProxyError", 3),
    row("hub-offline", "ConnectTimeout", r"(?:host='(?P<host>[\w.-]+)'.*)?ConnectTimeout", 3),
    row("hub-offline", "No cached tree listing found for", r"found for '(?P<repo>[^']+)'", 3),
)
# fmt: on
