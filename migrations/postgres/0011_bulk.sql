-- Holding every row against the tables that it names takes several times as long as writing it. Rows are written by this
-- program alone, in the transaction that makes their series and their revision, and neither is ever removed; on SQLite
-- they were never held against them.
alter table readings
    drop constraint if exists readings_series_id_fkey,
    drop constraint if exists readings_revision_fkey,
    drop constraint if exists readings_until_revision_fkey,
    drop constraint if exists readings_origin_fkey,
    drop constraint if exists readings_withdrawn_fkey;
alter table forecasts
    drop constraint if exists forecasts_series_id_fkey,
    drop constraint if exists forecasts_revision_fkey,
    drop constraint if exists forecasts_until_revision_fkey,
    drop constraint if exists forecasts_origin_fkey,
    drop constraint if exists forecasts_withdrawn_fkey;
