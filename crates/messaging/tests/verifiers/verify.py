"""Verifies a webhook as receivers do: reads {secret, headers, body} as JSON, prints what the webhook says."""

import json
import sys

from standardwebhooks import Webhook

sent = json.load(sys.stdin)
print(json.dumps(Webhook(sent["secret"]).verify(sent["body"], sent["headers"])))
