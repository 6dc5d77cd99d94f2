-- Older code may run: it knows no jobs, and the changed function removes more than before.

-- The rows of jobs have no column restaurant_id: the payload names the restaurant. A worker that is
-- running such a job notices at its end that the job is gone, and rolls back.
create function delete_jobs_of(restaurant uuid, most_rows integer) returns integer
language plpgsql as $$
declare
  deleted integer;
begin
  if to_regclass('jobs.job') is null then
    return 0;
  end if;
  delete from jobs.job
  where (name, id) in (
    select j.name, j.id from jobs.job j where j.data ->> 'restaurantId' = restaurant::text limit most_rows);
  get diagnostics deleted = row_count;
  return deleted;
end $$;

create or replace function delete_rows_of(restaurant uuid, most_rows integer) returns integer
language plpgsql as $$
declare
  rows_left integer := most_rows - delete_jobs_of(restaurant, most_rows);
  deleted integer;
  target record;
begin
  for target in select * from tables_of_restaurants() where name <> 'members'::regclass loop
    exit when rows_left <= 0;
    -- Rows that refer to rows of their own table go together, in whatever order.
    execute format(
      'delete from %s where restaurant_id = $1 and ctid = any (array(select ctid from %1$s where restaurant_id = $1 limit $2))',
      target.name)
      using restaurant, case when not target.refers_to_itself then rows_left end;
    get diagnostics deleted = row_count;
    rows_left := rows_left - deleted;
  end loop;
  return most_rows - rows_left;
end $$;
