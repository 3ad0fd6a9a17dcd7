//! What a portfolio begins with: sites, their market areas and clocks, and contracts.

use super::ask::Talk;
use crate::error::Problem;
use reports::series::name::is_id;
use reports::time::Zone;
use std::fmt;
use std::io::BufRead;

/// Areas whose clock most of their sites share.
const CLOCKS: [(&str, &str); 12] = [
    ("PJM", "America/New_York"),
    ("NYIS", "America/New_York"),
    ("ISNE", "America/New_York"),
    ("MISO", "America/Chicago"),
    ("SWPP", "America/Chicago"),
    ("ERCO", "America/Chicago"),
    ("CISO", "America/Los_Angeles"),
    ("GB", "Europe/London"),
    ("DE-LU", "Europe/Berlin"),
    ("FR", "Europe/Paris"),
    ("NL", "Europe/Amsterdam"),
    ("SE3", "Europe/Stockholm"),
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
}

struct Site {
    id: String,
    area: String,
    zone: String,
    it_mw: f64,
    grid_mw: f64,
    pue: f64,
    firm_mw: f64,
}

struct Contract {
    id: String,
    area: String,
    technology: String,
    /// From the grid's profile of that technology; none: its own meter.
    mean_mw: Option<f64>,
    year: String,
}

/// Asks for a portfolio. `year` is the one whose profile stands for contracts without a meter.
///
/// # Errors
/// Where answers end or fit nothing.
pub fn ask<R: BufRead, S: Fn(&str)>(
    talk: &mut Talk<R, S>,
    folder: Option<&str>,
    year: &str,
) -> Result<Answers, Problem> {
    let name = folder.filter(|name| plain(name).is_ok()).unwrap_or("my-portfolio");
    let name = talk.ask("Name of the portfolio", name, plain)?;
    let currency = talk.ask("Currency of prices, three letters", "USD", currency)?;
    let target = talk.ask("Share of load to match with clean energy, hour by hour, in percent", "90", |text| {
        number(text.trim_end_matches('%'), 0.0).and_then(|share| match share <= 100.0 {
            true => Ok(share / 100.0),
            false => Err("more than 100 percent".into()),
        })
    })?;
    let mut sites = vec![site(talk, "site-1", "PJM")?];
    while talk.ask("Another site? y or n", "n", yes)? {
        let area = sites[sites.len() - 1].area.clone();
        sites.push(site(talk, &format!("site-{}", sites.len() + 1), &area)?);
    }
    let mut contracts = Vec::new();
    while talk.ask(
        if contracts.is_empty() { "A power contract? y or n" } else { "Another contract? y or n" },
        "y",
        yes,
    )? {
        contracts.push(contract(talk, &sites, contracts.len() + 1, year)?);
    }
    Ok(Answers { name, currency, target, sites, contracts })
}

fn site<R: BufRead, S: Fn(&str)>(talk: &mut Talk<R, S>, id: &str, area: &str) -> Result<Site, Problem> {
    let id = talk.ask("Id of the site, as its meters will be called: site/<id>/load", id, new_id)?;
    let area = talk.ask("Its market area, such as PJM, ERCO, DE-LU or GB", area, new_id)?;
    let clock = CLOCKS.iter().find(|(name, _)| *name == area).map_or("UTC", |(_, zone)| zone);
    let zone = talk.ask("Its time zone", clock, |text| match Zone::parse(text) {
        Ok(_) => Ok(text.to_string()),
        Err(error) => Err(format!("{error}; such as America/New_York")),
    })?;
    let it_mw = talk.ask("Its IT capacity in MW", "", |text| number(text, 0.0))?;
    let connection =
        talk.ask("Limit of its grid connection in MW", &shown(it_mw * CONNECTION), |text| number(text, 0.0));
    let pue = talk.ask("Its PUE", PUE, |text| number(text, 1.0 - 1e-9))?;
    let firm = "IT load in MW that cannot move, until a meter says more";
    let firm_mw = talk.ask(firm, &shown(it_mw * FIRM), |text| match number(text, -1e-9)? {
        mw if mw <= it_mw => Ok(mw),
        _ => Err(format!("more than its capacity of {} MW", shown(it_mw))),
    })?;
    Ok(Site { id, area, zone, it_mw, grid_mw: connection?, pue, firm_mw })
}

fn contract<R: BufRead, S: Fn(&str)>(
    talk: &mut Talk<R, S>,
    sites: &[Site],
    count: usize,
    year: &str,
) -> Result<Contract, Problem> {
    let technology = talk.ask("Technology: wind, solar, hydro, nuclear, geothermal", "wind", new_id)?;
    let id = format!("{technology}-{count}");
    let id = talk.ask("Id of the contract, as its meter will be called: contract/<id>/generation", &id, new_id)?;
    let area = talk.ask("Market area it delivers to", &sites[0].area, |text| {
        let known = sites.iter().any(|site| site.area == text);
        if known { Ok(text.to_string()) } else { Err("no site is there: energy never crosses an area".into()) }
    })?;
    let question = "Mean MW, to take the grid's profile of that technology; empty if you have its meter readings";
    let mean_mw = talk.ask(question, "", |text| match text {
        "" => Ok(None),
        text => number(text, 0.0).map(Some),
    })?;
    let year = match mean_mw {
        Some(_) => talk.ask("Year that you have the grid's generation of", year, a_year)?,
        None => String::new(),
    };
    Ok(Contract { id, area, technology, mean_mw, year })
}

fn plain(text: &str) -> Result<String, String> {
    if new_id(text).is_ok() { Ok(text.into()) } else { Err("use letters, digits, `-`, `_` and `.`".into()) }
}

fn new_id(text: &str) -> Result<String, String> {
    if is_id(text) { Ok(text.into()) } else { Err("use letters, digits, `-`, `_` and `.`, at most 64 of them".into()) }
}

fn currency(text: &str) -> Result<String, String> {
    let code = text.to_ascii_uppercase();
    let fits = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    if fits { Ok(code) } else { Err("three letters, such as USD".into()) }
}

fn yes(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err("y or n".into()),
    }
}

fn a_year(text: &str) -> Result<String, String> {
    let fits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(text.into()) } else { Err("four digits, such as 2025".into()) }
}

fn number(text: &str, above: f64) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value > above => Ok(value),
        Ok(_) => Err(format!("must be above {}", above.max(0.0).round())),
        Err(_) => Err("is not a number; write such as 12.5".into()),
    }
}

fn shown(value: f64) -> String {
    format!("{}", (value * 1e3).round() / 1e3)
}

/// TOML writes a whole number as a float only with its point.
fn float(value: f64) -> String {
    format!("{value:?}")
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# hourmatch portfolio. `hourmatch check` lists every problem in it at once.")?;
        writeln!(f, "[store]\nurl = \"sqlite://hourmatch.db\"\n")?;
        writeln!(f, "[portfolio]\nname = \"{}\"\ncurrency = \"{}\"", self.name, self.currency)?;
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
        for s in &self.sites {
            writeln!(f, "\n[[site]]\nid = \"{}\"\nboundary = \"{}\"\ntime_zone = \"{}\"", s.id, s.area, s.zone)?;
            writeln!(f, "it_capacity_mw = {}\ngrid_limit_mw = {}", float(s.it_mw), float(s.grid_mw))?;
            writeln!(f, "pue = {}", float(s.pue))?;
            writeln!(f, "it_load_mw = {}      # until readings of site/{}/it_load exist", float(s.firm_mw), s.id)?;
        }
        for c in &self.contracts {
            writeln!(f, "\n[[contract]]\nid = \"{}\"\nboundary = \"{}\"", c.id, c.area)?;
            writeln!(f, "technology = \"{}\"", c.technology)?;
            if let Some(mw) = c.mean_mw {
                let series = format!("grid/{}/{}", c.area, c.technology);
                let mean = float(mw);
                writeln!(f, "profile = {{ series = \"{series}\", mean_mw = {mean}, over = \"{}\" }}", c.year)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn answered(lines: &str) -> Result<String, Problem> {
        let said = RefCell::new(Vec::new());
        let mut talk = Talk::new(lines.as_bytes(), |text: &str| said.borrow_mut().push(text.to_string()));
        ask(&mut talk, Some("my fleet"), "2025").map(|answers| answers.to_string())
    }

    #[test]
    fn answers_make_a_portfolio() {
        let text = answered(
            "\neur\n95 %\nberlin\nDE-LU\n\n40\n\n1.15\n10\ny\nlondon\nGB\n\n20\n25\n\n\nn\ny\nsolar\n\n\n30\n\ny\nwind\nw\nGB\n\nn\n",
        )
        .expect("answers");
        let portfolio = crate::portfolio::parse(&text, "p.toml").expect("a portfolio");
        assert_eq!((portfolio.sites.len(), portfolio.definitions.contracts.len()), (2, 2));
        for line in [
            "name = \"my-portfolio\"",
            "currency = \"EUR\"",
            "target = 0.95",
            "time_zone = \"Europe/Berlin\"",
            "grid_limit_mw = 52.0",
            "it_load_mw = 12.0 ",
            "profile = { series = \"grid/DE-LU/solar\", mean_mw = 30.0, over = \"2025\" }",
            "id = \"w\"",
        ] {
            assert!(text.contains(line), "{line} not in\n{text}");
        }
    }

    #[test]
    fn what_fits_nothing_is_asked_again_and_not_for_ever() {
        let text = answered("a/b\nfine\nUSD\n90\ns\nPJM\nMars/Olympus\n\nmany\n10\n\n0.5\n1.2\n99\n5\nn\nn\n")
            .expect("answers");
        assert!(text.contains("name = \"fine\"") && text.contains("time_zone = \"America/New_York\""), "{text}");
        assert!(text.contains("it_load_mw = 5.0 "), "{text}");
        let refused = answered("\n\n\n\n\n\n-1\n0\nx\ninf\nnan\n").expect_err("no number").to_string();
        assert!(refused.contains("no answer fits: Its IT capacity in MW"), "{refused}");
        let ended = answered("\n\n").expect_err("no more").to_string();
        assert!(ended.contains("there is no answer to: Share of load"), "{ended}");
    }
}
