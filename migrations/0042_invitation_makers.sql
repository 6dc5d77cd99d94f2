-- The maker of an invitation, as `<kind>:<id>`. When the invitation is accepted, the maker must
-- still have the rights that it gives. An invitation from before this column has no maker and must
-- be made again; it would have expired after seven days anyway.

alter table members add column invited_by text;
