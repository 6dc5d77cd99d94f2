-- Older code may run: the new columns may be null, and it leaves them so.

-- The language in which a person wants to read pages; null: that of their browser.
alter table users add column language text;

alter table sessions
  -- The name that the browser or program gave itself at the login.
  add column user_agent text,
  -- When its tokens were last exchanged.
  add column last_used_at timestamptz(3);
