# The files that README's commands name, synthetic: meters of 2022 and of the first three months of 2026, and a work list.
set -eu
{
    echo series,start,end,value,unit
    for span in "1640995200 8760" "1767225600 2110"; do
        # shellcheck disable=SC2086 # two words
        set -- $span
        awk -v from="$1" -v hours="$2" 'BEGIN {
            for (h = 0; h < hours; h++) {
                s = from + 3600 * h
                at = strftime("%FT%TZ", s, 1) "," strftime("%FT%TZ", s + 3600, 1) ","
                sun = (h % 24 > 12 && h % 24 < 22) ? 4000 : 0
                wind = 3000 + 2500 * sin(h / 31)
                print "grid/PJM/solar," at sun ",MWh"
                print "grid/PJM/wind," at int(wind) ",MWh"
                print "grid/PJM/gas," at 40000 - int(wind) - sun ",MWh"
                print "plant/buckeye/generation," at int(wind / 50) ",MWh"
                print "site/ashburn/load," at "72,MWh"
            }
        }'
    done
} | gzip > meters.csv.gz
cp "$REPO/fixtures/exports/pjm/export.csv" gen_by_fuel.csv
cp "$REPO/tests/it/docs/load-from-excel.csv" load-from-excel.csv
cat > jobs.csv <<'JOBS'
id,kind,release,deadline,energy_mwh,gpus,hours
batch-d1-4,batch,2026-03-30T10:00:00Z,2026-03-31T06:00:00Z,28.6,,
llm-70b,training,2026-03-20T00:00:00Z,2026-05-20T00:00:00Z,,4096,900
JOBS
cat > certificates.csv <<'CERTIFICATES'
id,device,registry,technology,start,end,wh,owner
gc-2026-01,buckeye,PJM-GATS,wind,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,1000000000,Wind Ltd
CERTIFICATES
