package de.ratsmappe.app

import android.app.Activity
import android.view.WindowManager
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Invoke
import app.tauri.plugin.Plugin

/** What `src-tauri/src/screen_guard.rs` sends. An argument that is missing guards. */
@InvokeArg
class GuardArgs {
  var guarded: Boolean = true
}

/**
 * Sets and lifts FLAG_SECURE: no screenshot, no recording, no picture in the overview, no cast to a screen that is not secure.
 * When, is decided by the page and the shell.
 */
@TauriPlugin
class ScreenGuardPlugin(private val activity: Activity) : Plugin(activity) {
  @Command
  fun guard(invoke: Invoke) {
    val guarded = invoke.parseArgs(GuardArgs::class.java).guarded
    activity.runOnUiThread {
      if (guarded) {
        activity.window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
      } else {
        activity.window.clearFlags(WindowManager.LayoutParams.FLAG_SECURE)
      }
      invoke.resolve()
    }
  }
}
