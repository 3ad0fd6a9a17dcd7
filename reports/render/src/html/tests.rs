//! What the page must say, and must never say.

use super::page;
use crate::content::{Options, SiteHours};
use crate::hours::{Slot, Sums};
use crate::page_one::{Before, Target};
use crate::tests::sample::{START, rows, sample_report, six, zone};
use reports::definitions::FactorBasis;
use reports::report::{Backed, Listed, Report, Totals};
use reports::ruleset::Headline;
use reports::time::Interval;

fn html(report: &Report) -> String {
    page(report, "hourmatch test", &Options::default()).expect("page")
}

/// The part of a page from one section's start to the next.
fn section<'a>(html: &'a str, id: &str) -> &'a str {
    let start = html.find(&format!("<section id=\"{id}\"")).expect("section");
    let rest = &html[start..];
    &rest[..rest.find("</section>").expect("end")]
}

#[test]
fn every_number_is_named() {
    let html = html(&sample_report());
    for name in [
        "Matched share, hourly",
        "CFE score",
        "Volumetric share over the period",
        "Volumetric share over the period, capped",
        "Intervals fully matched / intervals with load",
        "Location-based",
        "Market-based, over the period (certified in part)",
        "Market-based, hourly (draft)",
        "Market-based, hourly (draft), without legacy",
        "Upstream, Scope 3",
        "Emissions, direct factors",
        "hourly-2026",
        "Synthetic data",
        "Europe/Berlin",
        "production",
        "hourmatch-verify",
    ] {
        assert!(html.contains(name), "the page lacks {name}");
    }
    for value in ["61.00 %", "74.33 %", "70.00 %", "55.00 %", "1 / 4", "not supplied", "Exactly 613 g."] {
        assert!(html.contains(value), "the page lacks {value}");
    }
}

#[test]
fn own_generation_and_purchases_are_named_where_there_are_any() {
    let mut report = sample_report();
    let words = ["Load served by own generation, Scope 1", "Own generation, Scope 1", "Purchased", "Storage losses"];
    let told = html(&report);
    for word in words.into_iter().chain(["3.33 %", "Exactly 8 g."]) {
        assert!(told.contains(word), "the page lacks {word}");
    }
    // A technology without a factor has no emission, which is not none.
    report.portfolio.emissions.scope_1_g = Some(None);
    assert!(html(&report).contains("Scope 1, in no figure beside it. A factor it needs was never supplied."));
    let sites = report.sites.iter_mut().map(|site| &mut site.totals);
    let totals = report.boundaries.iter_mut().map(|boundary| &mut boundary.totals).chain(sites);
    for totals in totals.chain([&mut report.portfolio]) {
        (totals.purchased_wh, totals.storage_losses_wh) = (None, None);
        (totals.scope_1_wh, totals.scope_1_share, totals.emissions.scope_1_g) = (None, None, None);
    }
    let older = html(&report);
    assert!(words.iter().all(|word| !older.contains(word)), "an older ruleset counts none of them");
}

#[test]
fn the_headline_is_the_rulesets() {
    for (headline, value) in
        [(Headline::MatchedShare, "61.00 %"), (Headline::CfeScore, "74.33 %"), (Headline::AnnualShareCapped, "70.00 %")]
    {
        let mut report = sample_report();
        report.ruleset.headline = headline;
        let html = html(&report);
        let lead = html.split("<div class=\"lead\">").nth(1).expect("a lead");
        let shown = lead.split("<dd class=\"value\">").nth(1).expect("a value");
        assert!(shown.starts_with(value), "{headline:?}");
        assert_eq!(html.matches("<div class=\"lead\">").count(), 1);
        assert!(html.contains("Matched share, hourly") && html.contains("Volumetric share over the period, capped"));
    }
}

/// Of 366 Wh matched 130 have certificates, of 420 contracted 150; 150 of the 460 counted under contracts over the period.
#[test]
fn what_certificates_back_stands_beside_every_headline_figure() {
    let html = html(&sample_report());
    let beside = |name: &str| {
        let figure = html.split(&format!("<dt>{name}</dt>")).nth(1).expect("a figure");
        let backed = figure.split("<dd class=\"backed\">").nth(1).expect("what is backed");
        backed.split("</dd>").next().expect("an end").to_string()
    };
    let of_it = |share: &str| format!("of it backed by cancelled certificates: {share}");
    for (name, share) in [
        ("Matched share, hourly", "21.66 %"),
        ("CFE score", "21.66 %"),
        ("Volumetric share over the period", "25.00 %"),
        ("Volumetric share over the period, capped", "25.00 %"),
    ] {
        assert_eq!(beside(name), of_it(share), "{name}");
    }
    let of = |claimed: &str, wh: &str| {
        format!("of {claimed} MWh counted under contracts, backed by cancelled certificates: {wh} MWh")
    };
    assert_eq!(beside("Market-based, over the period (certified in part)"), of("0.000460", "0.000150"));
    assert_eq!(beside("Market-based, hourly (draft)"), of("0.000380", "0.000130"));
    let full = "backed in full by cancelled certificates: 0";
    assert_eq!(beside("Intervals fully matched / intervals with load"), full);
    assert!(section(&html, "boundary-2").contains(&of_it("65.00 %")), "its own, for a boundary");
}

#[test]
fn without_certificates_none_are_said_to_back_anything() {
    let mut report = sample_report();
    report.portfolio.backed = Some(Backed { market_based_hourly_claimed_wh: 380, ..Backed::default() });
    let without = html(&report);
    assert!(without.contains("of it backed by cancelled certificates: none (no certificates known)"));
    report.portfolio.backed = None;
    report.boundaries.iter_mut().for_each(|boundary| boundary.totals.backed = None);
    report.sites.iter_mut().for_each(|site| site.totals.backed = None);
    assert!(!html(&report).contains("class=\"backed\""), "a ruleset that does not tell");
}

/// The year 2026 of Berlin, which is UTC+1 at either end of it.
#[test]
fn figures_are_annual_of_a_calendar_year_only() {
    let mut report = sample_report();
    assert!(!html(&report).contains("Annual volumetric share"));
    let Interval { start, end } = zone("Europe/Berlin").year(2026);
    (report.period.start, report.period.end) = (start, end);
    let year = html(&report);
    assert!(year.contains("Annual volumetric share") && !year.contains("Volumetric share over the period"));
    assert!(year.contains("Market-based, annual (certified in part)"));
    report.portfolio.backed.as_mut().expect("told").market_based_annual_wh = Some(460);
    assert!(html(&report).contains("Market-based, annual (2015 guidance)"));
    report.portfolio.backed.as_mut().expect("told").market_based_annual_wh = Some(0);
    let none = html(&report);
    assert!(none.contains("Market-based, annual (not certified)") && !none.contains("2015 guidance)"));
    report.period.end = zone("Europe/Berlin").year(2027).end;
    assert!(html(&report).contains("Volumetric share over the period"), "two years are no year");
}

#[test]
fn what_was_published_of_the_same_hours_is_listed() {
    let mut report = sample_report();
    let page = html(&report);
    let overlaps = section(&page, "overlaps");
    for text in ["Matched, Wh", "270", "260", "DE&#60;b&#62;", "1"] {
        assert!(overlaps.contains(text), "no {text} in {overlaps}");
    }
    assert!(page.contains("<a href=\"#overlaps\">See what differs.</a>"));
    report.overlaps[0].totals.clear();
    assert!(section(&html(&report), "overlaps").contains("None of the shared hours has changed."));
    report.overlaps.clear();
    assert!(!html(&report).contains("id=\"overlaps\""));
}

#[test]
fn page_one_discloses_what_an_auditor_expects() {
    let html = html(&sample_report());
    let disclosure = section(&html, "disclosure");
    for text in [
        "Example AI Ltd",
        "operational control",
        "2024",
        "5 %",
        "CO2, CH4, N2O as CO2e",
        "IPCC AR5, 100 years",
        "may still be inside it in DE&#60;b&#62;",
        "matched, not claimable",
        "Residual mix 2025",
        "M-1",
        "0.2S",
        "leased",
        "75 %",
        "A. Example",
        "not stated",
        "0.5 %",
    ] {
        assert!(disclosure.contains(text), "page one lacks {text}");
    }
    assert!(section(&html, "limitations").contains("Refrigerants are out of scope."));
}

/// The headline and what it means, where it stands and what limits trust in it, then the map, then all else.
#[test]
fn the_first_screen_leads() {
    let before = Before::new(&Report {
        portfolio: Totals { unmatched_wh: 1, matched_share: six(500_000), ..Totals::default() },
        ..sample_report()
    });
    let targets = vec![Target { boundary: None, cfe_score: false, hundredths: 9_000 }];
    let options = Options { before, targets, ..Options::default() };
    let html = page(&sample_report(), "hourmatch test", &options).expect("page");
    let places: Vec<usize> = [
        "<div class=\"lead\">",
        "Of 0.000600 MWh used, 0.000366 MWh were met in the same hour",
        "Against the period before: +11.00 points, from 50.00 %.",
        "Target: 90.00 % matched share of the portfolio, short by 29.00 points",
        "What limits trust in these figures",
        "default fossil factor of 900 g/kWh. <a href=\"#boundaries\">",
        "id=\"hours\"",
        "<nav id=\"contents\"",
        "id=\"duration\"",
        "id=\"disclosure\"",
    ]
    .map(|part| html.find(part).unwrap_or_else(|| panic!("no {part}")))
    .into();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_scheme_is_named_only_with_granular_certificates() {
    let mut report = sample_report();
    assert!(html(&report).contains("EnergyTag"));
    report.contracts.iter_mut().for_each(|contract| contract.claim.granular = false);
    assert!(!html(&report).contains("EnergyTag"));
}

#[test]
fn boundaries_and_sites_have_their_own_sections() {
    let html = html(&sample_report());
    let boundary = section(&html, "boundary-1");
    assert!(boundary.contains("Boundary DE&#60;b&#62;") && boundary.contains("55.00 %"));
    assert!(boundary.contains("boundary-1-heat-t") && boundary.contains("boundary-1-day-t"));
    assert!(section(&html, "boundary-2").contains("residual mix computed here"));
    let site = section(&html, "site-2");
    assert!(site.contains("Meter") && site.contains("storage/bat-1") && site.contains("claimable"));
    assert!(!site.contains("solar-a") && site.contains("wind-b"));
    for id in ["disclosure", "hours", "boundary-2", "site-1", "limitations", "method"] {
        assert!(html.contains(&format!("<a href=\"#{id}\">")), "no way to {id}");
    }
}

/// Hours of a site of the sample, all matched by half.
fn half_matched(id: &str) -> SiteHours {
    let sums = Sums { load: 100, matched: 50, unmatched: 50, ..Sums::default() };
    let slots = (0..4).map(|hour| Slot { start: START + 3_600 * hour, sums }).collect();
    SiteHours { id: id.into(), slots }
}

#[test]
fn maps_follow_the_clock_of_their_place_and_say_so() {
    let mut report = sample_report();
    report.sites[1].time_zone = zone("America/New_York");
    let sites = vec![half_matched("hall-1"), half_matched("hall-2")];
    let html = page(&report, "hourmatch test", &Options { sites, ..Options::default() }).expect("page");
    for (id, zone) in [
        ("hours", "Europe/Berlin"),
        ("boundary-1", "Europe/Berlin"),
        ("boundary-2", "America/New_York"),
        ("site-2", "America/New_York"),
    ] {
        assert!(section(&html, id).contains(&format!("by day and hour in {zone}</figcaption>")), "{id}");
    }
    let site = section(&html, "site-2");
    assert!(site.contains("site-2-heat-t") && site.contains("hall-2, by day and hour"));
    let plain = page(&report, "hourmatch test", &Options::default()).expect("page");
    assert!(!section(&plain, "site-2").contains("<svg"));
}

#[test]
fn the_only_site_has_the_hours_of_the_portfolio() {
    let mut report = sample_report();
    report.boundaries.truncate(1);
    report.sites.truncate(1);
    let options = Options { sites: vec![half_matched("hall-1")], ..Options::default() };
    let html = page(&report, "hourmatch test", &options).expect("page");
    assert!(section(&html, "site-1").contains("its hours are the portfolio"));
    assert!(!section(&html, "site-1").contains("<svg"));
}

#[test]
fn long_ids_break_and_tables_say_how_wide_they_are() {
    let mut report = sample_report();
    report.contracts[1].id = "contract-with-a-name-of/fifty-four_letters.north-042".into();
    let html = html(&report);
    let contracts = section(&html, "contracts");
    assert!(
        contracts.contains("<th scope=\"row\" class=\"b\">contract-<wbr>with-<wbr>a-<wbr>name-<wbr>of/<wbr>fifty-")
    );
    assert!(contracts.contains("<table class=\"wide short\">") && contracts.contains("<caption><span>"));
    assert!(contracts.contains("<th scope=\"row\">wind-b</th>"));
}

#[test]
fn very_many_sites_are_a_table_and_the_largest_have_sections() {
    let mut report = sample_report();
    let site = report.sites[0].clone();
    report.sites = (0..60)
        .map(|n| {
            let mut site = site.clone();
            site.id = format!("hall-{n:02}").into();
            site.totals.load_wh = 1_000 + n;
            site
        })
        .collect();
    let html = html(&report);
    assert_eq!(html.matches("<section id=\"site-").count(), 40);
    assert!(html.contains("<section id=\"site-60\"") && !html.contains("<section id=\"site-20\""));
    assert!(section(&html, "sites").contains("hall-00"));
}

#[test]
fn every_chart_has_its_words_and_its_table() {
    let html = html(&sample_report());
    let charts = html.matches("<svg ").count();
    assert!(charts >= 9, "{charts} charts");
    assert_eq!(html.matches("role=\"img\" aria-labelledby=").count(), charts);
    assert_eq!(html.matches("<figure ").count(), charts);
    assert_eq!(html.matches("<details>").count(), charts);
    let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.binary_search(&target).is_ok(), "#{target} leads nowhere");
    }
}

#[test]
fn the_page_is_in_english() {
    let mut report = sample_report();
    assert!(html(&report).contains("2026-03-29 01:00 +01:00 to 2026-03-29 06:00 +02:00"), "part of a day");
    // The whole day of Berlin, an hour short.
    (report.period.start, report.period.end) = (START - 3_600, START + 22 * 3_600);
    let html = html(&report);
    for text in ["<html lang=\"en\">", "61.00 %", "29 March 2026", "Matched share, hourly"] {
        assert!(html.contains(text), "{text}");
    }
}

#[test]
fn the_period_before_stands_beside_this_one() {
    let report = sample_report();
    assert!(!html(&report).contains("Against the period before"));
    let mut before = report.clone();
    before.portfolio.matched_share = six(500_000);
    before.portfolio.emissions.location_based_g = Some(5_613);
    before.factor_basis = Listed(vec![FactorBasis::LifeCycle]);
    before.boundaries.remove(1);
    let options = Options { previous: Some(Box::new(before)), ..Options::default() };
    let html = page(&report, "hourmatch test", &options).expect("page");
    let previous = section(&html, "previous");
    for text in ["50.00 %", "+11.00 points", "-0.005", "life-cycle before, direct now", "not in the report"] {
        assert!(previous.contains(text), "the comparison lacks {text}");
    }
}

#[test]
fn a_restatement_shows_both_versions() {
    let mut report = sample_report();
    let html_of = html(&report);
    let restated = section(&html_of, "restatement");
    for text in ["60.0000 %", "61.0000 %", "610", "A. Example", "Meter M-1 read again", "1 interval changed"] {
        assert!(restated.contains(text), "the restatement lacks {text}");
    }
    report.restatement = None;
    assert!(!html(&report).contains("id=\"restatement\""));
}

#[test]
fn almost_all_is_not_all() {
    let mut report = sample_report();
    report.portfolio.matched_share = six(999_999);
    let html = html(&report);
    assert!(html.contains("<dd class=\"value\">99.99 %</dd>"));
    assert!(!html.contains("<dd class=\"value\">100"));
}

#[test]
fn names_are_escaped_and_nothing_is_fetched() {
    let html = html(&sample_report());
    for raw in ["<script>alert", "profile <script>", "DE<b>", "again <late>", "factors <2025>"] {
        assert!(!html.contains(raw), "{raw} is not escaped");
    }
    assert!(!html.contains("http://") && !html.contains("https://"));
    for fetched in [" src=", "<link", "@import", "url(\"", "url('"] {
        assert!(!html.contains(fetched), "the page has {fetched}");
    }
}

#[test]
fn no_load_is_not_applicable() {
    let mut report = sample_report();
    report.portfolio = Totals::default();
    report.sites.clear();
    for boundary in &mut report.boundaries {
        boundary.totals = Totals::default();
        for row in &mut boundary.intervals {
            (row.load_wh, row.matched_wh, row.unmatched_wh) = (0, 0, 0);
            row.surplus_wh = row.contracted_wh - row.stored_wh;
        }
    }
    let html = html(&report);
    assert!(html.contains("<dd class=\"value\">not applicable</dd>"));
    assert!(!html.contains("<dd class=\"value\">100"));
    assert!(!html.contains("id=\"waterfall\""));
}

#[test]
fn local_days_of_the_page_keep_their_hours() {
    for (date, cells) in [("2026-03-29", 23), ("2026-10-25", 25)] {
        let span = zone("Europe/Berlin").day(date.parse().expect("date"));
        let mut report = sample_report();
        let pairs = vec![(100_i64, 50_i64); cells];
        report.period.start = span.start;
        report.period.end = span.end;
        report.period.intervals = cells;
        report.boundaries.truncate(1);
        report.boundaries[0].intervals = rows(span.start, &pairs);
        let html = html(&report);
        assert_eq!(html.matches("h1v1h-1z").count(), cells, "{date}");
        assert!(html.contains(&format!("{date} ({cells} h)")));
        assert_eq!(section(&html, "hours").contains("02:00\u{2013}03:00 again"), cells == 25);
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(html(&sample_report()), html(&sample_report()));
}

#[test]
fn long_lists_of_exceptions_are_capped() {
    let mut report = sample_report();
    let row = report.exceptions[0].clone();
    report.exceptions = vec![row; 203];
    let html = html(&report);
    assert!(html.contains("and 3 more in the JSON"));
    assert_eq!(html.matches(">profile_used<").count(), 200);
}

#[test]
fn days_with_estimated_data_are_marked_everywhere() {
    let mut report = sample_report();
    assert!(!html(&report).contains("class=\"doubt\""));
    report.exceptions[0].code = "estimated_load".into();
    let html = html(&report);
    assert!(section(&html, "hours").contains("<path class=\"doubt\""));
    assert!(section(&html, "hours").contains("bar above: a day with estimated, missing or suspect data"));
    assert!(section(&html, "balance").contains("2026-03-29*"));
    assert!(section(&html, "worst").contains("* estimated, missing or suspect data: the exceptions say which"));
}

#[test]
fn a_year_stays_small() {
    let mut report = sample_report();
    let pairs: Vec<(i64, i64)> = (0..8_760_i64).map(|hour| (100_000_000, hour * 7_919_123 % 150_000_000)).collect();
    report.period.end = START + 8_760 * 3_600;
    report.boundaries.truncate(1);
    report.boundaries[0].intervals = rows(START, &pairs);
    let html = html(&report);
    assert!(html.len() < 900_000, "{} bytes", html.len());
    assert!(html.contains("<section id=\"seasons\""));
}

#[test]
fn a_zone_nobody_knows_is_an_error() {
    let mut document = serde_json::to_value(sample_report()).expect("JSON");
    assert!(serde_json::from_value::<Report>(document.clone()).is_ok());
    document["time_zone"] = "Mars/Olympus".into();
    assert!(serde_json::from_value::<Report>(document).is_err());
}
