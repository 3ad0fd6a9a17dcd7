//! What a portfolio begins with: sites, their market areas and clocks, and contracts. Questions stand one a line, each
//! asked until its answer can be used.

use super::checks;
use crate::error::Fault;
use ids::{BoundaryId, ContractId, SiteId};
use reports::series::name::SeriesName;
use std::fmt;
use std::io::BufRead;

/// Areas whose clock most of their sites share.
const CLOCKS: [(&[&str], &str); 8] = [
    (&["PJM", "NYIS", "ISNE"], "America/New_York"),
    (&["MISO", "SWPP", "ERCO"], "America/Chicago"),
    (&["CISO"], "America/Los_Angeles"),
    (&["GB"], "Europe/London"),
    (&["DE-LU"], "Europe/Berlin"),
    (&["FR"], "Europe/Paris"),
    (&["NL"], "Europe/Amsterdam"),
    (&["SE3"], "Europe/Stockholm"),
];
/// A connection is as much larger than the IT it feeds where nothing else is known, and so is the draw.
const CONNECTION: f64 = 1.3;
const PUE: &str = "1.2";
const FIRM: f64 = 0.6;

pub struct Answers {
    name: String,
    currency: String,
    target: f64,
    sites: Vec<Site>,
    contracts: Vec<Contract>,
    /// Cron expression, in the time of the first site.
    plan_at: Option<String>,
}

struct Site {
    id: SiteId,
    area: BoundaryId,
    zone: String,
    it_mw: f64,
    grid_mw: f64,
    pue: f64,
    firm_mw: f64,
}

struct Contract {
    id: ContractId,
    area: BoundaryId,
    technology: String,
    /// Mean MW and year of the grid's profile of that technology; none: its own meter.
    profile: Option<(f64, String)>,
}

/// Tries at one question: answers that never end and fit nothing do end.
const TRIES: usize = 1_000;

pub struct Talk<'a> {
    pub answers: &'a mut dyn BufRead,
    pub say: &'a dyn Fn(&str),
}

impl Talk<'_> {
    /// The answer to a question as `read` takes it; an empty one is `default`.
    ///
    /// # Errors
    /// Where the answers end, or none of several can be used.
    pub fn ask<T>(
        &mut self,
        question: &str,
        default: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Fault> {
        let mut last = String::new();
        for _ in 0..TRIES {
            let usual = if default.is_empty() { String::new() } else { format!(" [{default}]") };
            (self.say)(&format!("{question}{usual}:"));
            let mut line = String::new();
            let read_bytes = self.answers.read_line(&mut line);
            if !matches!(read_bytes, Ok(1..)) {
                return Err(Fault::new(format!("there is no answer to: {question}"))
                    .hint("answer every question, or write an example to edit: hourmatch init --yes"));
            }
            let answer = line.trim();
            match read(if answer.is_empty() { default } else { answer }) {
                Ok(value) => return Ok(value),
                Err(why) => {
                    (self.say)(&format!("  {why}"));
                    last = why;
                }
            }
        }
        Err(Fault::new(format!("no answer fits: {question}")).hint(last))
    }
}

/// Asks for a portfolio. `year` is the one whose profile stands for contracts without a meter.
///
/// # Errors
/// Where answers end or fit nothing.
pub fn ask(talk: &mut Talk<'_>, folder: Option<&str>, year: &str) -> Result<Answers, Fault> {
    let name = folder.filter(|name| checks::name(name).is_ok()).unwrap_or("my-portfolio");
    let name = talk.ask("Name of the portfolio", name, checks::name)?;
    let currency = talk.ask("Currency of prices, three letters", "USD", checks::currency)?;
    let target = "Share of load to match with clean energy, hour by hour, in percent";
    let target = talk.ask(target, "90", checks::percent)?;
    let mut sites = vec![site(talk, &[])?];
    while talk.ask("Another site? y or n", "n", checks::yes)? {
        sites.push(site(talk, &sites)?);
    }
    let mut contracts: Vec<Contract> = Vec::new();
    let mut more = talk.ask("A power contract? y or n", "y", checks::yes)?;
    while more {
        contracts.push(contract(talk, &sites, &contracts, year)?);
        more = talk.ask("Another contract? y or n", "n", checks::yes)?;
    }
    let plan_at = format!("Time of day for `serve` to plan, by the clock of {}; n for never", sites[0].id);
    let plan_at = talk.ask(&plan_at, "14:00", checks::plan_at)?;
    Ok(Answers { name, currency, target, sites, contracts, plan_at })
}

fn site(talk: &mut Talk<'_>, before: &[Site]) -> Result<Site, Fault> {
    let mut counts = before.len() + 1..;
    let ids = || before.iter().map(|site| site.id.as_str());
    let free = |count: usize| Some(format!("site-{count}")).filter(|id| !ids().any(|other| other == id));
    let id = counts.find_map(free).unwrap_or_default();
    let id = talk
        .ask("Id of the site, as its meters will be called: site/<id>/load", &id, |text| checks::new_id(text, ids()))?;
    let area = before.last().map_or("PJM", |site| site.area.as_str());
    let area: BoundaryId = talk.ask("Its market area, such as PJM, ERCO, DE-LU or GB", area, checks::id)?;
    let clock = CLOCKS.iter().find(|(areas, _)| areas.contains(&area.as_str())).map_or("UTC", |(_, zone)| zone);
    let zone = talk.ask("Its time zone", clock, checks::zone)?;
    let it_mw = talk.ask("Its IT capacity in MW", "", |text| checks::of_site("it_capacity_mw", text, 0.0))?;
    let connection = shown(it_mw * CONNECTION);
    let grid_mw = talk
        .ask("Limit of its grid connection in MW", &connection, |text| checks::of_site("grid_limit_mw", text, 0.0))?;
    let pue = talk.ask("Its PUE", PUE, |text| checks::of_site("pue", text, 0.0))?;
    let firm = "IT load in MW that cannot move, until a meter says more";
    let firm_mw =
        talk.ask(firm, &shown(it_mw * FIRM), |text| match checks::of_site("it_load_mw", text, f64::NEG_INFINITY)? {
            mw if mw <= it_mw => Ok(mw),
            _ => Err(format!("more than its capacity of {} MW", shown(it_mw))),
        })?;
    Ok(Site { id, area, zone, it_mw, grid_mw, pue, firm_mw })
}

fn contract(talk: &mut Talk<'_>, sites: &[Site], before: &[Contract], year: &str) -> Result<Contract, Fault> {
    let known = format!("Technology: {}", checks::technologies().join(", "));
    let technology = talk.ask(&known, "wind", checks::technology)?;
    let ids = || before.iter().map(|contract| contract.id.as_str());
    let mut counts = before.len() + 1..;
    let free = |count: usize| Some(format!("{technology}-{count}")).filter(|id| !ids().any(|other| other == id));
    let id = counts.find_map(free).unwrap_or_default();
    let question = "Id of the contract, as its meter will be called: contract/<id>/generation";
    let id = talk.ask(question, &id, |text| checks::new_id(text, ids()))?;
    let area = contract_area(talk, sites, before)?;
    let question = "Mean MW, to take the grid's profile of that technology; empty if you have its meter readings";
    let mean_mw = talk.ask(question, "", |text| match text {
        "" => Ok(None),
        text => checks::mean_mw(text).map(Some),
    })?;
    let mut in_year = || talk.ask("Year that you have the grid's generation of", year, checks::year);
    let profile = mean_mw.map(|mw| in_year().map(|year| (mw, year))).transpose()?;
    Ok(Contract { id, area, technology, profile })
}

/// Among those of the sites; where there are several, the first that has no contract yet is offered.
fn contract_area(talk: &mut Talk<'_>, sites: &[Site], before: &[Contract]) -> Result<BoundaryId, Fault> {
    let mut areas: Vec<&str> = Vec::new();
    for site in sites {
        if !areas.contains(&site.area.as_str()) {
            areas.push(&site.area);
        }
    }
    let without = areas.iter().find(|area| before.iter().all(|contract| contract.area != **area));
    let offered = if areas.len() == 1 { areas[0] } else { without.copied().unwrap_or_default() };
    let question = match areas.as_slice() {
        [_] => "Market area it delivers to".to_string(),
        several => format!("Market area it delivers to: {}", several.join(", ")),
    };
    talk.ask(&question, offered, |text| checks::area_of(text, &areas))
}

fn shown(value: f64) -> String {
    format!("{}", (value * 1e3).round() / 1e3)
}

/// One line of text as TOML writes it.
fn quoted(line: &str) -> String {
    format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\""))
}

/// TOML writes a whole number as a float only with its point.
fn float(value: f64) -> String {
    format!("{value:?}")
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# hourmatch portfolio. `hourmatch check` lists every problem in it at once.")?;
        writeln!(f, "[store]\nurl = \"sqlite://hourmatch.db\"\n")?;
        writeln!(f, "[portfolio]\nname = {}\nruleset = \"{}\"", quoted(&self.name), checks::RULESET)?;
        writeln!(f, "currency = \"{}\"", self.currency)?;
        writeln!(f, "time_zone = \"{}\"\n", self.sites[0].zone)?;
        writeln!(f, "[policy]\ntarget = {}\ncarbon_price_per_t = 80.0", float(self.target))?;
        writeln!(f, "shortfall_price_per_mwh = 200.0")?;
        let mut areas: Vec<&str> = self.sites.iter().map(|site| site.area.as_str()).collect();
        areas.sort_unstable();
        areas.dedup();
        for area in areas {
            writeln!(f, "\n[[boundary]]                             # a market area: energy never crosses it")?;
            writeln!(f, "id = \"{area}\"")?;
        }
        let plan_at = self.plan_at.iter().map(|at| Some(at.as_str())).chain(std::iter::repeat(None));
        for (s, plan_at) in self.sites.iter().zip(plan_at) {
            writeln!(f, "\n[[site]]\nid = \"{}\"\nboundary = \"{}\"\ntime_zone = \"{}\"", s.id, s.area, s.zone)?;
            writeln!(f, "it_capacity_mw = {}\ngrid_limit_mw = {}", float(s.it_mw), float(s.grid_mw))?;
            writeln!(f, "pue = {}", float(s.pue))?;
            writeln!(f, "it_load_mw = {}      # until readings of site/{}/it_load exist", float(s.firm_mw), s.id)?;
            if let Some(at) = plan_at {
                writeln!(f, "plan_at = \"{at}\"      # `serve` plans all sites then, by this site's clock")?;
            }
        }
        for c in &self.contracts {
            writeln!(f, "\n[[contract]]\nid = \"{}\"\nboundary = \"{}\"", c.id, c.area)?;
            writeln!(f, "technology = \"{}\"", c.technology)?;
            if let Some((mw, year)) = &c.profile {
                let series = SeriesName::of_boundary(&c.area, &c.technology);
                let mean = float(*mw);
                writeln!(f, "profile = {{ series = \"{series}\", mean_mw = {mean}, over = \"{year}\" }}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn answered(lines: &str) -> Result<String, Fault> {
        let said = RefCell::new(Vec::new());
        let say = |text: &str| said.borrow_mut().push(text.to_string());
        ask(&mut Talk { answers: &mut lines.as_bytes(), say: &say }, Some("my fleet"), "2025")
            .map(|answers| answers.to_string())
    }

    #[test]
    fn answers_make_a_portfolio() {
        let text = answered(
            "Acme \"AI\"\\Nord\neur\n95 %\nberlin\nDE-LU\n\n40\n\n1.15\n10\ny\nlondon\nGB\n\n20\n25\n\n\nn\ny\nsolar\n\n\n30\n\ny\nwind\nw\n\n\n\n\n",
        )
        .expect("answers");
        let portfolio = crate::portfolio::parse(&text, "p.toml").expect("a portfolio");
        assert_eq!((portfolio.sites.len(), portfolio.definitions.contracts.len()), (2, 2));
        assert_eq!(portfolio.definitions.name, "Acme \"AI\"\\Nord");
        for line in [
            "currency = \"EUR\"",
            "target = 0.95",
            "time_zone = \"Europe/Berlin\"",
            "grid_limit_mw = 52.0",
            "it_load_mw = 12.0 ",
            "profile = { series = \"grid/DE-LU/solar\", mean_mw = 30.0, over = \"2025\" }",
            // The area that has no contract yet was offered.
            "id = \"w\"\nboundary = \"GB\"",
            "plan_at = \"0 14 * * *\"",
        ] {
            assert!(text.contains(line), "{line} not in\n{text}");
        }
        assert_eq!(text.matches("plan_at").count(), 1, "{text}");
    }

    #[test]
    fn what_fits_nothing_is_asked_again() {
        let text = answered(
            "\u{202e}\nfine\nUSD\n90\ns\nPJM\nMars/Olympus\n\nmany\n10\n\n0.5\n9\n1.2\n99\n5\ny\ns\nt\n\n\n1\n\n\n\nn\n\
             y\nbiomass\nWind offshore\nWind\n\n\n\ny\nwind\nwind-1\nw\nGB\n\n\nn\nnoon\nn\n",
        )
        .expect("answers");
        assert!(text.contains("name = \"fine\"") && text.contains("time_zone = \"America/New_York\""), "{text}");
        assert!(text.contains("it_load_mw = 5.0 ") && !text.contains("plan_at"), "{text}");
        let portfolio = crate::portfolio::parse(&text, "p.toml").expect("a portfolio");
        assert_eq!((portfolio.sites.len(), portfolio.definitions.contracts.len()), (2, 2));
        // Five wrong answers and more lose nothing.
        let ended = answered("\n\n\n\n\n\n-1\n0\nx\ninf\nnan\n-2\n").expect_err("no number").to_string();
        assert!(ended.contains("there is no answer to: Its IT capacity in MW"), "{ended}");
        let ended = answered("\n\n").expect_err("no more").to_string();
        assert!(ended.contains("there is no answer to: Share of load"), "{ended}");
    }
}
