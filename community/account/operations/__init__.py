"""Every change to sessions, one-time codes and personal API tokens: one verb each."""

from community.account.operations.api_tokens import (
    authenticate_api_token,
    issue_api_token,
    revoke_api_token,
)
from community.account.operations.sign_ins import (
    DIGITS,
    CodeRefused,
    asks_code,
    begin_codes,
    check_code,
    confirm_codes,
    end_sessions,
    forget_old,
    may_keep,
    note_seen,
    open_sessions,
    reference,
    renew_backup_codes,
    shared_secret,
    stop_codes,
)

__all__ = [
    "DIGITS",
    "CodeRefused",
    "asks_code",
    "authenticate_api_token",
    "begin_codes",
    "check_code",
    "confirm_codes",
    "end_sessions",
    "forget_old",
    "issue_api_token",
    "may_keep",
    "note_seen",
    "open_sessions",
    "reference",
    "renew_backup_codes",
    "revoke_api_token",
    "shared_secret",
    "stop_codes",
]
