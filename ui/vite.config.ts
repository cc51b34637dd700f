import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  clearScreen: false,
  server: { port: 5173, strictPort: true, host: "localhost" },
  // The window forbids data: addresses, so nothing is inlined as one.
  build: { target: ["es2022", "safari16"], assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  // Colours are tested as they stand in the tokens.
  test: { include: ["src/**/*.test.ts"], css: { include: /tokens/ } },
});
