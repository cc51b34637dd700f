package de.ratsmappe.app

import android.os.Bundle
import android.view.WindowManager
import android.webkit.WebSettings
import android.webkit.WebView
import androidx.activity.enableEdgeToEdge

// Meets: O.Data_13, O.Plat_10, MASVS-PLATFORM-3
/** The one activity. It starts guarded against pictures of its screen; ScreenGuardPlugin lifts the guard and sets it again. */
class MainActivity : TauriActivity() {
  override fun onCreate(savedInstanceState: Bundle?) {
    window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
    enableEdgeToEdge()
    super.onCreate(savedInstanceState)
  }

  /** The page comes from the package each time: WebView has nothing to keep, least of all what was typed. */
  override fun onWebViewCreate(webView: WebView) {
    webView.settings.cacheMode = WebSettings.LOAD_NO_CACHE
    webView.settings.allowFileAccess = false
    webView.settings.allowContentAccess = false
  }
}
