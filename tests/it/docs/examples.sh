# The files that the examples of help texts name, beside the demo's own; synthetic like it.
set -eu
cp feeds/readings.csv meters.csv
gzip -c meters.csv > meters.csv.gz
cp work.csv jobs.csv
cat > logger.csv <<'CSV'
series,start,end,value,unit
site/columbus/load,2026-02-22T22:00:00Z,2026-02-22T22:59:59Z,40,MWh
site/columbus/load,2026-02-22T23:00:00Z,2026-02-22T23:59:59Z,41,MWh
CSV
cat > corrected.csv <<'CSV'
series,start,end,value,unit
site/columbus/load,2026-03-16T00:00:00Z,2026-03-16T01:00:00Z,30.5,MWh
CSV
cp "$REPO/fixtures/exports/pjm/export.csv" gen_by_fuel.csv
cp "$REPO/fixtures/exports/nem12/export.csv" nem12.csv
cp "$REPO/tests/it/docs/load-from-excel.csv" load-from-excel.csv
cp "$REPO/fixtures/tables/load.xlsx" load.xlsx
gzip -c "$REPO/fixtures/fuzz/eia930.csv" > PJM.csv.gz
cp "$REPO/fixtures/fuzz/neso.csv" 2026-03-14T0331Z.csv
cat > certificates.csv <<'CSV'
id,device,registry,technology,start,end,wh,owner,expires
gc-2026-03,ridge,SYN registry,wind,2026-03-01T00:00:00Z,2026-03-29T00:00:00Z,900000000,Wind Ltd,2027-03-01T00:00:00Z
CSV
cp "$REPO/fixtures/certificates/mrets.csv" "$REPO/fixtures/certificates/bundles.json" .
mkdir -p ~/.local/share/bash-completion/completions ~/.zfunc
