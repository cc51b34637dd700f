//! `import oparl`, `imports` and what `serve` repeats: imports over OParl and what came of them.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use serde_json::{Value, json};

use super::ImportOparl;
use super::out::Out;
use crate::clock::german_time;
use crate::oparl::{OparlReport, OparlRequest, OparlRun, PLAN_FILE, Plan, RunReport, Schedule};
use crate::server::Server;

/// How many problems are printed; all of them stand in the report.
const PROBLEMS_SHOWN: usize = 50;

pub(super) fn import(server: &Server, out: Out, import: ImportOparl) -> anyhow::Result<()> {
    let request = OparlRequest {
        from: import.from,
        to: import.to,
        body: import.body,
        public_only: import.public_only,
        no_files: import.no_files,
        allow_mass_delete: import.allow_mass_delete,
        full: import.full,
        allow_private: import.allow_private,
        from_kept: import.from_kept,
        request_interval_ms: 1000 / import.requests_per_second.max(1),
        ..OparlRequest::whole(import.url)
    };
    let report = server.import_oparl_reported(&request, &|line| out.progress(line))?;
    if let Some(path) = import.report {
        std::fs::write(&path, serde_json::to_vec_pretty(&report)?).with_context(|| {
            format!("Der Bericht {} lässt sich nicht schreiben", path.display())
        })?;
    }
    out.say(&report_text(&report), &json!(report));
    Ok(())
}

/// What an import did; what could not be taken over comes last.
fn report_text(report: &OparlReport) -> String {
    let mut text = if report.is_unchanged {
        "Nichts Neues.".to_owned()
    } else {
        format!(
            "Übernommen: {} neu, {} geändert, {} entfernt; {} Dateien verschlüsselt.",
            report.added, report.changed, report.removed, report.files_sealed
        )
    };
    text.push_str(&format!(
        "\n{} Objekte aufbewahrt, {} Anfragen.",
        report.kept, report.requests
    ));
    for note in &report.notes {
        text.push_str(&format!("\n{note}"));
    }
    if !report.problems.is_empty() {
        text.push_str(&format!(
            "\n{} Fehler; bei der nächsten Übernahme wird alles noch einmal versucht:",
            report.problems.len()
        ));
    }
    for problem in report.problems.iter().take(PROBLEMS_SHOWN) {
        text.push_str(&format!("\n  {}: {}", problem.address, problem.reason));
    }
    if report.problems.len() > PROBLEMS_SHOWN {
        text.push_str("\n  … alle stehen im Bericht (--report DATEI)");
    }
    text
}

/// The plan of the imports that repeat themselves: `given`, else the one in the data folder, if there is one.
pub(super) fn plan(server: &Server, given: Option<&Path>) -> anyhow::Result<Option<Plan>> {
    let standard = server.inner.dir.join(PLAN_FILE);
    let path = match given {
        Some(path) => path,
        None if standard.exists() => &standard,
        None => return Ok(None),
    };
    let plan = Plan::load(path).with_context(|| format!("{} gilt nicht", path.display()))?;
    Ok(Some(plan))
}

/// Follows a plan; each import is a line in the log.
pub(super) fn follow(
    server: &Server,
    out: Out,
    plan: Option<&Plan>,
) -> anyhow::Result<Option<Schedule>> {
    let Some(plan) = plan else { return Ok(None) };
    let on_run: RunReport = Arc::new(move |url, result| match result {
        Ok(()) => out.progress(&format!("Übernommen: {url}")),
        Err(reason) => out.progress(&format!("Übernahme gescheitert: {url}: {reason}")),
    });
    Ok(Some(server.follow(plan, &on_run)?))
}

pub(super) fn imports(server: &Server, out: Out) -> anyhow::Result<()> {
    let runs = server.oparl_runs()?;
    let lines: Vec<String> = runs.iter().map(run_text).collect();
    let values: Vec<Value> = runs.iter().map(run_value).collect();
    let text = if lines.is_empty() {
        "Noch keine Übernahme über OParl.".to_owned()
    } else {
        lines.join("\n")
    };
    out.say(&text, &json!({ "imports": values }));
    Ok(())
}

fn run_text(run: &OparlRun) -> String {
    let at = german_time(run.finished_at_ms);
    let result = match &run.error {
        Some(error) => format!("gescheitert: {error}"),
        None if run.report.is_unchanged => "nichts Neues".to_owned(),
        None => format!(
            "{} neu, {} geändert, {} entfernt",
            run.report.added, run.report.changed, run.report.removed
        ),
    };
    let mut text = format!("{}\n    {at}: {result}", run.url);
    if !run.report.problems.is_empty() {
        text.push_str(&format!("; {} Fehler", run.report.problems.len()));
    }
    if run.report.deletions_held > 0 {
        text.push_str(&format!(
            "; {} Löschungen zurückgehalten",
            run.report.deletions_held
        ));
    }
    text
}

fn run_value(run: &OparlRun) -> Value {
    json!({
        "url": run.url, "started_at_ms": run.started_at_ms, "finished_at_ms": run.finished_at_ms,
        "error": run.error, "report": run.report,
    })
}
