-- Who made an invitation, as `<kind>:<id>`: on the day it is accepted, its maker must still have the rights that it gives.
-- An invitation that was open before this column has no maker and is made again; it would have ended after seven days anyway.

alter table members add column invited_by text;
