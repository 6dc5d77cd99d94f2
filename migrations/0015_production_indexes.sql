-- Indexes that a year of trade asks for, beside the keys, the unique constraints and the indexes that stand with their
-- tables. A test plans every statement of the repositories over such a year. It fails for a statement that reads a table or
-- all trade of a restaurant, and for an index that no statement uses, unless the index carries a comment `why: ...` here.
-- Orders, their lines, events and the audit log are written all day and so get as few indexes as can be.
--
-- Not here:
--   idx_inventory_low_stock_active on inventory_items (restaurant_id, current_quantity)
--     where deleted_at is null and current_quantity < reorder_point: stands in the migration that makes the table.
--   order_lines (restaurant_id, menu_item_id): nothing reads lines by item, and items are never deleted. Reports reach lines
--     through the orders of their days.
--   audit_log (restaurant_id, action): one more write for every write there is, for a question an owner asks once a month.

-- Orders that are not closed, by status: a few dozen rows however old the restaurant is. Nearly all others are completed; a page
-- of those is read along the key.
create index idx_orders_restaurant_status_not_deleted on orders (restaurant_id, status) where deleted_at is null;

create index idx_menu_items_active on menu_items (restaurant_id, name, price) where is_available = true and deleted_at is null;
comment on index idx_menu_items_active is
  'why: what can be sold, by name, with its price, from the index alone: for search, the assistant and price lists by hand';

-- An invitation is accepted by somebody who has no more than its secret.
create index members_invitation_idx on members (restaurant_id, invitation_hash) where status = 'invited';

create index refresh_tokens_session_idx on refresh_tokens (restaurant_id, session_id);
comment on index refresh_tokens_session_idx is
  'why: who deletes old sessions by hand deletes their tokens first, and each session deleted is looked for among the tokens';
