//! What `hourmatch init` writes.

pub const TEMPLATE: &str = r#"# hourmatch portfolio. `hourmatch check` lists every problem in it at once.
[store]
url = "sqlite://hourmatch.db"            # or postgres://user@host/database

[portfolio]
name = "my-portfolio"
resolution = "60min"                     # 5min 15min 30min 60min
ruleset = "hourly-2026"
time_zone = "UTC"
currency = "USD"

[policy]
target = 0.90                            # matched share to reach over the horizon
carbon_price_per_t = 80.0
carbon_basis = "residual"                # residual | fossil | average
shortfall_price_per_mwh = 200.0

[[boundary]]                             # a market area: energy never crosses it
id = "PJM"

[[site]]
id = "ashburn"
boundary = "PJM"
time_zone = "America/New_York"
it_capacity_mw = 100.0
grid_limit_mw = 130.0
pue = 1.2
it_load_mw = 60.0                        # until readings of site/ashburn/it_load exist
plan_at = "0 14 * * *"                   # `serve` plans at 14:00 local time

[[contract]]
id = "solar-a"
boundary = "PJM"
technology = "solar"
profile = { series = "grid/PJM/solar", mean_mw = 50.0, over = "2022" }

[[contract]]
id = "wind-a"
boundary = "PJM"
technology = "wind"
plant = "buckeye"                        # meter readings in plant/buckeye/generation
share = "1/2"

# Audits read more: certificates, storage, links, losses, dates of change. `hourmatch reference portfolio` lists every
# key, such as
# [disclosure]                           # who reports, on a report
# reporting_entity = "Example AI Ltd"
#
# [[storage]]                            # series storage/bat-1/charge and storage/bat-1/discharge
# id = "bat-1"
# site = "ashburn"
# energy_mwh = 40.0
"#;
