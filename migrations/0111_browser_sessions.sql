-- Older code may run: the column may be null, and older code leaves it so.

-- Tabs of one browser share the cookie with the refresh token, so several may use it at once.
alter table refresh_tokens add column successor bytea;
comment on column refresh_tokens.successor is
  'The next token, encrypted. Only for tokens in cookies, and for half a minute after their use.';
