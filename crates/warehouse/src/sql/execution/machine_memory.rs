//! How much memory the machine has, and how much of it this process holds.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Memory of the machine that queries may hold together where nobody sets it: one part of so many.
const SHARE: u64 = 4;

const MIB: u64 = 1 << 20;

/// The least that queries are given, on however small a machine.
const LEAST: u64 = 256 << 20;

/// What is taken for the memory of a machine that does not tell it.
const UNKNOWN: u64 = 4 << 30;

/// Bytes of memory that queries may hold together where nobody sets it: a quarter of what the machine has, or the
/// control group of the process.
pub fn memory_share() -> u64 {
    static MACHINE: LazyLock<u64> = LazyLock::new(share_of_machine);
    *MACHINE
}

fn share_of_machine() -> u64 {
    let limits = [installed(), group_limit()];
    let memory = limits.into_iter().flatten().min().unwrap_or(UNKNOWN);
    // In whole MiB, as people read it.
    (memory / SHARE / MIB * MIB).max(LEAST)
}

/// Bytes of memory that the process holds; `None` where the system does not tell.
pub(super) fn resident_bytes() -> Option<u64> {
    kibibytes_after(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// Memory of the machine.
fn installed() -> Option<u64> {
    kibibytes_after(&fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")
}

/// The lowest limit of the control groups of the process, as a container or a service has one.
fn group_limit() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    group_files(&groups).iter().filter_map(|file| limit_in(Path::new(file))).min()
}

/// The files that may hold a limit: of version 2 those of the group and of all above it, of version 1 its own.
fn group_files(groups: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(kinds), Some(path)) = (parts.next(), parts.next()) else { continue };
        if kinds.is_empty() {
            let mut above = Some(path.trim_end_matches('/'));
            while let Some(group) = above {
                files.push(format!("/sys/fs/cgroup{group}/memory.max"));
                above = group.rsplit_once('/').map(|(parent, _)| parent);
            }
        } else if kinds.split(',').any(|kind| kind == "memory") {
            files.push(format!("/sys/fs/cgroup/memory{path}/memory.limit_in_bytes"));
            files.push("/sys/fs/cgroup/memory/memory.limit_in_bytes".into());
        }
    }
    files
}

/// A limit; a group without one says `max`, or a number beyond any memory.
fn limit_in(file: &Path) -> Option<u64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

fn kibibytes_after(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_limited_by_those_above_it() {
        assert_eq!(
            group_files("0::/system.slice/nightly.service\n"),
            [
                "/sys/fs/cgroup/system.slice/nightly.service/memory.max",
                "/sys/fs/cgroup/system.slice/memory.max",
                "/sys/fs/cgroup/memory.max",
            ]
        );
        assert_eq!(group_files("0::/\n"), ["/sys/fs/cgroup/memory.max"]);
        assert_eq!(
            group_files("12:cpu,cpuacct:/a\n4:memory:/docker/x\n")[0],
            "/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes"
        );
    }

    #[test]
    fn a_limit_is_a_number_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("memory.max");
        fs::write(&file, "536870912\n").unwrap();
        assert_eq!(limit_in(&file), Some(512 << 20));
        fs::write(&file, "max\n").unwrap();
        assert_eq!(limit_in(&file), None);
    }

    #[test]
    fn the_process_holds_some_of_the_memory_of_its_machine() {
        assert_eq!(kibibytes_after("Name: x\nVmRSS:\t  2048 kB\n", "VmRSS:"), Some(2 << 20));
        let (Some(held), Some(memory)) = (resident_bytes(), installed()) else { return };
        assert!(held > 1 << 20 && held < memory, "{held} of {memory}");
        assert!(memory_share() >= LEAST);
    }
}
