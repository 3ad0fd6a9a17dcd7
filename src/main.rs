use std::process::ExitCode;

fn main() -> ExitCode {
    hourmatch::cli::main()
}
