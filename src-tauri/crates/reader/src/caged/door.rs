//! Closing the cage, from inside: what stays possible afterwards is to compute, to use memory up to a limit, to talk on what is
//! open already, and to read the system's fonts. Runs in the helper, before the first byte of a document.

use std::collections::BTreeMap;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

use super::wire::Rule;

/// Processor time of one helper in seconds. The host replaces it before.
pub(super) const CPU_LIMIT_S: u64 = 600;
/// Address space in bytes. A photograph of 50 megapixels takes about 0.6 GB while it is drawn.
const MEMORY_LIMIT_BYTES: u64 = 2 << 30;
/// Open files: the socket and the memory, each twice, and fonts one after the other.
const FILE_LIMIT: u64 = 32;
/// Stack in bytes; see `start.rs`.
const STACK_LIMIT_BYTES: u64 = 16 << 20;

/// Where fonts lie that PDFium looks for (`CLinuxPlatform` in its sources), and what links from there lead to.
const FONT_FOLDERS: [&str; 6] = [
    "/usr/share/fonts",
    "/usr/share/X11/fonts/Type1",
    "/usr/share/X11/fonts/TTF",
    "/usr/local/share/fonts",
    "/usr/share/texmf/fonts",
    "/usr/share/javascript",
];

/// The helper ends with the host's thread that started it. If that has ended before, the socket says so.
///
/// Errors: the rule that could not be set up.
pub(super) fn end_with_parent() -> Result<(), Rule> {
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|_| Rule::Parent)
}

/// Closes the cage. PDFium is loaded before, for no library can be loaded afterwards.
///
/// Result: whether file rules hold; if not, no file can be opened at all.
/// Errors: the rule that could not be set up.
pub(super) fn close() -> Result<bool, Rule> {
    limit()?;
    let has_file_rules = restrict_files()?;
    restrict_system_calls(has_file_rules)?;
    Ok(has_file_rules)
}

fn limit() -> Result<(), Rule> {
    let set = |resource, limit| {
        let limit = Some(limit);
        setrlimit(
            resource,
            Rlimit {
                current: limit,
                maximum: limit,
            },
        )
        .map_err(|_| Rule::Limits)
    };
    set(Resource::Stack, STACK_LIMIT_BYTES)?;
    set(Resource::As, MEMORY_LIMIT_BYTES)?;
    set(Resource::Cpu, CPU_LIMIT_S)?;
    set(Resource::Nofile, FILE_LIMIT)?;
    set(Resource::Core, 0)?;
    // No other process of the same user may look into it.
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|_| Rule::Limits)
}

/// Result: whether the kernel has such rules.
fn restrict_files() -> Result<bool, Rule> {
    let abi = ABI::V6;
    let restrict = || {
        let fonts = FONT_FOLDERS
            .iter()
            .filter(|folder| Path::new(folder).is_dir());
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .scope(Scope::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(
                fonts,
                AccessFs::ReadFile | AccessFs::ReadDir,
            ))?
            .restrict_self()
    };
    let status: Result<_, landlock::RulesetError> = restrict();
    let status = status.map_err(|_| Rule::FileRules)?;
    if !status.no_new_privs {
        return Err(Rule::FileRules);
    }
    Ok(status.ruleset != RulesetStatus::NotEnforced)
}

/// Everything that is not named ends the process. What opens or looks at files is named only where file rules hold; elsewhere it is
/// refused, so that PDFium goes on without the system's fonts.
fn restrict_system_calls(has_file_rules: bool) -> Result<(), Rule> {
    let built = || -> Result<_, seccompiler::Error> {
        let arch = std::env::consts::ARCH.try_into()?;
        let allowed: BpfProgram = SeccompFilter::new(
            rules()?,
            SeccompAction::KillProcess,
            SeccompAction::Allow,
            arch,
        )?
        .try_into()?;
        seccompiler::apply_filter(&allowed)?;
        if !has_file_rules {
            let refused = LOOKING_AT_FILES.iter().map(|number| (*number, Vec::new()));
            let errno = u32::try_from(libc::EACCES).unwrap_or(1);
            let refused: BpfProgram = SeccompFilter::new(
                refused.collect(),
                SeccompAction::Allow,
                SeccompAction::Errno(errno),
                arch,
            )?
            .try_into()?;
            seccompiler::apply_filter(&refused)?;
        }
        Ok(())
    };
    built().map_err(|_| Rule::SystemCalls)
}

/// What finds and reads fonts.
const LOOKING_AT_FILES: &[i64] = &[
    libc::SYS_openat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_getdents64,
    // As PDFium asks by the C library it was built with.
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lstat,
];

/// Allowed whatever its arguments.
const ALWAYS: [i64; 29] = [
    // to talk, and to put pixels into the memory
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_pwrite64,
    libc::SYS_recvfrom,
    libc::SYS_getsockopt,
    libc::SYS_setsockopt,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    libc::SYS_pread64,
    // memory
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // how much there is, which sorting in the C library asks
    libc::SYS_sysinfo,
    // time, chance, locks
    libc::SYS_clock_gettime,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    // its own name, its own signals, its end
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::Error> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = ALWAYS
        .into_iter()
        .map(|number| (number, Vec::new()))
        .collect();
    for number in LOOKING_AT_FILES {
        rules.insert(*number, Vec::new());
    }
    // Only with these bits of an argument off.
    let without = |argument, bits: i32| -> Result<Vec<SeccompRule>, seccompiler::Error> {
        let bits = u64::from(bits.unsigned_abs());
        let is_off = SeccompCondition::new(
            argument,
            SeccompCmpArgLen::Dword,
            SeccompCmpOp::MaskedEq(bits),
            0,
        )?;
        Ok(vec![SeccompRule::new(vec![is_off])?])
    };
    // Reading only.
    let writing = libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND;
    rules.insert(libc::SYS_openat, without(2, writing)?);
    // Nothing that becomes a program.
    rules.insert(libc::SYS_mmap, without(2, libc::PROT_EXEC)?);
    rules.insert(libc::SYS_mprotect, without(2, libc::PROT_EXEC)?);
    // Flags of what is open; no copies of it.
    let flags = [libc::F_GETFD, libc::F_SETFD, libc::F_GETFL];
    let flag_rules: Result<_, _> = flags
        .into_iter()
        .map(|command| {
            let value = u64::from(command.unsigned_abs());
            let is_command =
                SeccompCondition::new(1, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)?;
            SeccompRule::new(vec![is_command])
        })
        .collect();
    rules.insert(libc::SYS_fcntl, flag_rules?);
    // To whom it is connected, and to no address.
    let no_address = SeccompCondition::new(4, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0)?;
    rules.insert(libc::SYS_sendto, vec![SeccompRule::new(vec![no_address])?]);
    Ok(rules)
}
