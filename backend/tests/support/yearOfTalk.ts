/** Conversations, messages and calls of a year of trade. */
export const TALK = [
  `insert into assistant_conversations (restaurant_id, id, actor, created_at, used_at)
   select r.id, pg_temp.stock_id('talk', r.number, n), 'user:' || n % 10, since, since + n * interval '1 hour'
   from restaurant r, generate_series(1, 200) n`,
  `insert into assistant_turns (restaurant_id, conversation_id, position, question, answer, sources, masked_question, masked_answer, created_at)
   select r.id, pg_temp.stock_id('talk', r.number, n), turn, 'What sold best?', repeat('Soup ', 40), '[]', 'What sold best?', repeat('Soup ', 40), since
   from restaurant r, generate_series(1, 200) n, generate_series(1, 5) turn`,
  `insert into assistant_usage (restaurant_id, day, actor, tokens)
   select r.id, date '2025-10-01' + n / 11, case n % 11 when 0 then '' else 'user:' || n % 11 end, 5000
   from restaurant r, generate_series(0, 989) n`,
  `insert into assistant_proposals (restaurant_id, id, actor, action, arguments, diff, version, hash, status, created_at, expires_at)
   select r.id, pg_temp.stock_id('proposal', r.number, n), 'user:1', 'set_price', '{}', '{}', 1, md5(n::text), 'open',
     timestamptz '2025-12-30Z' + n * interval '1 minute', timestamptz '2025-12-30Z' + n * interval '11 minutes'
   from restaurant r, generate_series(1, 200) n`,
  `insert into assistant_versions (restaurant_id) select id from restaurant`,
  `insert into message_settings (restaurant_id, order_ready, updated_at) select id, true, since from restaurant`,
  `insert into consents (restaurant_id, id, phone, status, source, created_at, updated_at)
   select r.id, pg_temp.stock_id('consent', r.number, n), '+49151' || (1000000 + n), 'granted', 'staff', since, since
   from restaurant r, generate_series(1, 500) n`,
  `insert into message_templates (restaurant_id, id, kind, language, body, created_at, updated_at)
   select r.id, pg_temp.stock_id('template', r.number, n), 'order_ready', 'l' || n, '{number}', since, since
   from restaurant r, generate_series(1, 8) n`,
  `insert into messages (restaurant_id, id, kind, channel, recipient, language, sealed, reference, cause, status, next_attempt_at,
     expires_at, created_at, updated_at)
   select r.id, pg_temp.stock_id('message', r.number, n), 'order_ready', 'sms', '+49151' || (1000000 + n % 500), 'en', 'x', '#234567',
     'order ' || n, case when n > 1980 then 'queued' else 'delivered' end, at, at, at, at
   from restaurant r, generate_series(1, 2000) n, lateral (select since + n * interval '4 hours' as at) t`,
  `insert into message_inbox (restaurant_id, provider_id, sender, meaning, created_at)
   select r.id, 'SM' || n, '+49151' || (1000000 + n), 'other', since from restaurant r, generate_series(1, 100) n`,
  `insert into message_causes (restaurant_id, position, type, subject_id, data)
   select r.id, n, 'order.status_changed', pg_temp.stock_id('order', r.number, n), '{}' from restaurant r, generate_series(1, 20) n`,
  `insert into voice_calls (restaurant_id, call_id, sealed, step, answer, created_at)
   select r.id, 'CA' || n, 'x', 1, '<Response/>', since from restaurant r, generate_series(1, 50) n`,
];
