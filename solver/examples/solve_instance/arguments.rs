//! What is asked for on the command line.

use std::path::PathBuf;

pub const USAGE: &str = "usage: solve_instance FILE|NAME
    [--method auto|interior|pieces-first|cells-first|simplex|greedy|highs-simplex|highs-ipm|highs-hipo|highs-branch]
    [--gap G] [--time-limit S] [--variant NAME] [--solution OUT] [--instance OUT] [--mps OUT] [--again]";

pub struct Arguments {
    /// A file, or the name of an instance that is generated.
    pub file: PathBuf,
    pub solution: Option<PathBuf>,
    /// Where the instance, and its model, are written, in place of solving it.
    pub instance: Option<PathBuf>,
    pub mps: Option<PathBuf>,
    pub seconds: Option<f64>,
    pub gap: f64,
    pub method: String,
    pub variant: Option<String>,
    /// Changed as an hour changes it, and solved again.
    pub again: bool,
}

pub fn arguments() -> Result<Arguments, String> {
    let mut parsed = Arguments {
        file: PathBuf::new(),
        solution: None,
        instance: None,
        mps: None,
        seconds: None,
        gap: 1e-8,
        method: "auto".to_string(),
        variant: None,
        again: false,
    };
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--solution" => parsed.solution = Some(PathBuf::from(value()?)),
            "--instance" => parsed.instance = Some(PathBuf::from(value()?)),
            "--mps" => parsed.mps = Some(PathBuf::from(value()?)),
            "--method" => parsed.method = value()?,
            "--variant" => parsed.variant = Some(value()?),
            "--time-limit" => {
                let seconds = value()?.parse::<f64>();
                parsed.seconds = Some(seconds.map_err(|_| "--time-limit needs seconds")?);
            }
            "--gap" => {
                let gap = value()?.parse::<f64>();
                parsed.gap = gap.map_err(|_| "--gap needs a part of the objective")?;
            }
            "--again" => parsed.again = true,
            file if !file.starts_with('-') => parsed.file = PathBuf::from(file),
            other => return Err(format!("{other} is not an option\n{USAGE}")),
        }
    }
    if parsed.file.as_os_str().is_empty() { Err(USAGE.to_string()) } else { Ok(parsed) }
}
