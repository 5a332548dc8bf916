"""The one-machine host: stores, development issuer, mailbox, front and worker under one supervisor."""
