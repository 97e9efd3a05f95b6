/// A build frees almost everything it allocates, on every thread. glibc's malloc fragments:
/// searching its free lists costs 1/7 of a build of 10,000 briefings, and more of a larger one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    whosaid::cli::main()
}
