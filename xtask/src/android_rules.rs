//! What the Android manifest and its rules promise, held fast: nothing is backed up or handed to a new device, the launcher's
//! activity is the only way in, network and camera are the only permissions and no tablet must have a camera, and none of it goes in the clear. No SDK needed.

use std::fs;

use anyhow::{Context, Result, bail};
use roxmltree::{Document, Node};

use crate::paths;

const ANDROID: &str = "http://schemas.android.com/apk/res/android";
const TOOLS: &str = "http://schemas.android.com/tools";

/// The four files, as text.
struct Files {
    manifest: String,
    backup: String,
    extraction: String,
    network: String,
}

/// Attributes of `<application>` and what they must say.
const APPLICATION: [(&str, &str); 6] = [
    ("allowBackup", "false"),
    ("fullBackupContent", "@xml/backup_rules"),
    ("dataExtractionRules", "@xml/data_extraction_rules"),
    ("hasFragileUserData", "true"),
    ("usesCleartextTraffic", "false"),
    ("networkSecurityConfig", "@xml/network_security_config"),
];
/// The network for the council's server, the camera for the code that another tablet shows.
const PERMISSIONS: [&str; 2] = ["android.permission.INTERNET", "android.permission.CAMERA"];
/// What a tablet may lack and still have the app: a permission for it alone would make the feature a condition.
const OPTIONAL: [&str; 4] = [
    "android.hardware.touchscreen",
    "android.hardware.camera",
    "android.hardware.camera.any",
    "android.hardware.camera.autofocus",
];
const ACTIVITY: &str = ".MainActivity";
const COMPONENTS: [&str; 5] = [
    "activity",
    "activity-alias",
    "provider",
    "receiver",
    "service",
];
/// Every place of an app that Android can copy from.
/// Source: <https://developer.android.com/identity/data/autobackup#IncludingFiles>
const DOMAINS: [&str; 9] = [
    "root",
    "file",
    "database",
    "sharedpref",
    "external",
    "device_root",
    "device_file",
    "device_database",
    "device_sharedpref",
];

/// Errors: each promise that the project's files no longer keep.
pub fn check() -> Result<()> {
    let faults = faults(&read()?)?;
    if !faults.is_empty() {
        bail!(
            "the Android project breaks its promises: {}",
            faults.join("; ")
        );
    }
    Ok(())
}

fn read() -> Result<Files> {
    let main = paths::android().join("app/src/main");
    let text = |name: &str| {
        fs::read_to_string(main.join(name)).with_context(|| format!("{name} is missing"))
    };
    Ok(Files {
        manifest: text("AndroidManifest.xml")?,
        backup: text("res/xml/backup_rules.xml")?,
        extraction: text("res/xml/data_extraction_rules.xml")?,
        network: text("res/xml/network_security_config.xml")?,
    })
}

fn faults(files: &Files) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    manifest(
        Document::parse(&files.manifest)?.root_element(),
        &mut faults,
    );
    let backup = Document::parse(&files.backup)?;
    nothing_leaves(backup.root_element(), &mut faults);
    let extraction = Document::parse(&files.extraction)?;
    for way in ["cloud-backup", "device-transfer"] {
        match child(extraction.root_element(), way) {
            Some(rules) => nothing_leaves(rules, &mut faults),
            None => faults.push(format!("no rules for {way}")),
        }
    }
    let network = Document::parse(&files.network)?;
    let in_the_clear = elements(network.root_element())
        .any(|node| node.attribute("cleartextTrafficPermitted") == Some("true"));
    let base = child(network.root_element(), "base-config");
    if in_the_clear
        || base.and_then(|base| base.attribute("cleartextTrafficPermitted")) != Some("false")
    {
        faults.push("traffic in the clear is not forbidden".to_owned());
    }
    Ok(faults)
}

fn manifest(root: Node<'_, '_>, faults: &mut Vec<String>) {
    for node in elements(root).filter(|node| node.tag_name().name().contains("permission")) {
        let name = android(node, "name").unwrap_or_default();
        if node.tag_name().name() != "uses-permission" || !PERMISSIONS.contains(&name) {
            faults.push(format!("a permission too many: {name}"));
        }
    }
    for wanted in OPTIONAL {
        let of_it = elements(root).find(|node| {
            node.tag_name().name() == "uses-feature" && android(*node, "name") == Some(wanted)
        });
        let is_optional = of_it.is_some_and(|node| android(node, "required") == Some("false"));
        if !is_optional {
            faults.push(format!("a tablet without {wanted} is shut out"));
        }
    }
    let Some(application) = child(root, "application") else {
        faults.push("no application".to_owned());
        return;
    };
    for (name, wanted) in APPLICATION {
        let found = android(application, name);
        if found != Some(wanted) {
            faults.push(format!("{name} is {found:?}, not {wanted}"));
        }
    }
    if android(application, "debuggable").is_some() {
        faults.push("debuggable is said by hand".to_owned());
    }
    for node in elements(application).filter(|n| COMPONENTS.contains(&n.tag_name().name())) {
        let name = android(node, "name").unwrap_or_default();
        let is_removed = node.attribute((TOOLS, "node")) == Some("remove");
        if name == ACTIVITY {
            for part in elements(node)
                .filter(|part| matches!(part.tag_name().name(), "action" | "category" | "data"))
            {
                let what = android(part, "name").unwrap_or("data");
                if !matches!(
                    what,
                    "android.intent.action.MAIN" | "android.intent.category.LAUNCHER"
                ) {
                    faults.push(format!("the activity answers to {what}"));
                }
            }
        } else if !is_removed {
            faults.push(format!("a component too many: {name}"));
        }
    }
}

/// Excludes whatever there is and includes nothing.
fn nothing_leaves(rules: Node<'_, '_>, faults: &mut Vec<String>) {
    let way = rules.tag_name().name();
    if elements(rules).any(|node| node.tag_name().name() == "include") {
        faults.push(format!("{way} includes something"));
    }
    for domain in DOMAINS {
        let is_excluded = elements(rules).any(|node| {
            node.tag_name().name() == "exclude"
                && node.attribute("domain") == Some(domain)
                && node.attribute("path") == Some(".")
        });
        if !is_excluded {
            faults.push(format!("{way} does not exclude {domain}"));
        }
    }
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.descendants()
        .filter(move |below| below.is_element() && *below != node)
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn android<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attribute((ANDROID, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_keeps_its_promises() {
        assert_eq!(faults(&read().unwrap()).unwrap(), Vec::<String>::new());
    }

    /// Plants one fault and returns what is found.
    fn planted(file: fn(&mut Files) -> &mut String, from: &str, to: &str) -> Vec<String> {
        let mut files = read().unwrap();
        let text = file(&mut files);
        assert!(text.contains(from), "there is no {from} to be changed");
        *text = text.replacen(from, to, 1);
        faults(&files).unwrap()
    }

    // Shows: O.Plat_2, O.Plat_7, O.Data_4, O.Plat_6, MASVS-PLATFORM-1, MASVS-PRIVACY-1
    #[test]
    fn every_planted_fault_of_the_manifest_is_found() {
        let planted = |from, to| planted(|files| &mut files.manifest, from, to);
        let activity = "        <activity\n";
        for (from, to, found) in [
            (
                "allowBackup=\"false\"",
                "allowBackup=\"true\"",
                "allowBackup",
            ),
            (
                "android:fullBackupContent=\"@xml/backup_rules\"",
                "",
                "fullBackupContent",
            ),
            (
                "@xml/data_extraction_rules",
                "@xml/backup_rules",
                "dataExtractionRules",
            ),
            (
                "hasFragileUserData=\"true\"",
                "hasFragileUserData=\"false\"",
                "hasFragileUserData",
            ),
            (
                "usesCleartextTraffic=\"false\"",
                "usesCleartextTraffic=\"true\"",
                "usesCleartextTraffic",
            ),
            (
                "@xml/network_security_config",
                "@xml/other",
                "networkSecurityConfig",
            ),
            (
                "permission.CAMERA",
                "permission.RECORD_AUDIO",
                "RECORD_AUDIO",
            ),
            (
                "android.hardware.camera.any\" android:required=\"false\"",
                "android.hardware.camera.any\"",
                "camera.any",
            ),
            (
                "android.hardware.camera\" android:required=\"false\"",
                "android.hardware.camera\" android:required=\"true\"",
                "hardware.camera ",
            ),
            (
                "    <application",
                "<permission android:name=\"own\" /><application",
                "own",
            ),
            (
                "android:label",
                "android:debuggable=\"true\" android:label",
                "debuggable",
            ),
            (
                "intent.category.LAUNCHER",
                "intent.category.BROWSABLE",
                "BROWSABLE",
            ),
            (" tools:node=\"remove\"", "", "ProfileInstallReceiver"),
            (
                activity,
                "<service android:name=\".S\" android:exported=\"true\" /><activity\n",
                ".S",
            ),
            (
                activity,
                "<provider android:name=\".P\" android:authorities=\"p\" /><activity\n",
                ".P",
            ),
        ] {
            let faults = planted(from, to);
            assert_eq!(faults.len(), 1, "{from} → {to}: {faults:?}");
            assert!(faults[0].contains(found), "{from} → {to}: {faults:?}");
        }
    }

    // Shows: O.Arch_4, O.Data_3, MASVS-STORAGE-2
    #[test]
    fn every_planted_fault_of_the_rules_is_found() {
        for domain in DOMAINS {
            let line = format!("<exclude domain=\"{domain}\" path=\".\" />");
            for file in [
                (|files| &mut files.backup) as fn(&mut Files) -> &mut String,
                |files| &mut files.extraction,
            ] {
                assert_eq!(planted(file, &line, "").len(), 1, "{domain} forgotten");
                let narrowed = format!("<exclude domain=\"{domain}\" path=\"councils\" />");
                assert_eq!(
                    planted(file, &line, &narrowed).len(),
                    1,
                    "{domain} narrowed"
                );
            }
        }
        let include = "<device-transfer><include domain=\"file\" path=\".\" />";
        assert_eq!(
            planted(|files| &mut files.extraction, "<device-transfer>", include).len(),
            1
        );
        let mut files = read().unwrap();
        files.extraction = files
            .extraction
            .replace("device-transfer", "something-else");
        assert_eq!(faults(&files).unwrap(), ["no rules for device-transfer"]);
    }

    // Shows: O.Ntwk_7
    #[test]
    fn traffic_in_the_clear_is_found() {
        let planted = |from, to| planted(|files| &mut files.network, from, to);
        let permitted = "cleartextTrafficPermitted=\"true\"";
        assert_eq!(
            planted("cleartextTrafficPermitted=\"false\"", permitted).len(),
            1
        );
        let domain = format!("<domain-config {permitted}/></network-security-config>");
        assert_eq!(planted("</network-security-config>", &domain).len(), 1);
    }
}
