//! Arguments in, exit code out; nothing else.

fn main() -> std::process::ExitCode {
    wiredesk::cli::run(std::env::args_os())
}
