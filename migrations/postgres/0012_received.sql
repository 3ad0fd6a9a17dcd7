-- Files as received are compressed while they are stored: with lz4 in a fraction of the time. A server that was built
-- without it, or is older than 14, keeps its own way.
do $$
begin
    execute 'alter table file_chunks alter column data set compression lz4';
exception
    when feature_not_supported or syntax_error then null;
end
$$;
