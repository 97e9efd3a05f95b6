/// A build lets go of nearly all that it asks for, on every thread, and the holes that this leaves
/// grow with the book: glibc's allocator takes a seventh of a build of 10,000 briefings to search
/// them, and more of a larger one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    whosaid::cli::main()
}
