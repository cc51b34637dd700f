// The page's only door to Rust: the desk's commands, one event stream, what the screen shows, the address of page images. Nothing else imports @tauri-apps.

import { onBackButtonPress } from "@tauri-apps/api/app";
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Commands } from "./generated/Commands";
import type { DeskError } from "./generated/DeskError";
import type { DeskEvent } from "./generated/DeskEvent";

type Name = keyof Commands;

// `npm run dev` in an ordinary browser has no Rust behind it: an invented council answers. A build drops this line and what it loads.
const fake = import.meta.env.DEV && !("__TAURI_INTERNALS__" in window) ? await import("./fake") : undefined;

/** Runs one command. Rejects with `DeskError`: code and words in the set language. */
export async function call<N extends Name>(name: N, request: Commands[N]["request"]): Promise<Commands[N]["result"]> {
  try {
    if (fake) return await fake.call(name, request);
    return await invoke<Commands[N]["result"]>("desk_call", { name, request });
  } catch (error) {
    throw asDeskError(error);
  }
}

/** Says whether all that is on the screen is public; what is not may be in no screenshot. Rejects when the system did not answer. */
export async function showsOnScreen(shown: "only-public" | "nonpublic"): Promise<void> {
  if (!fake) await invoke("screen_shows", { shown });
}

/** Calls back for every event until the returned function is called. */
export function onEvent(callback: (event: DeskEvent) => void): Promise<() => void> {
  if (fake) return fake.onEvent(callback);
  return listen<DeskEvent>("desk-event", (event) => callback(event.payload));
}

/** Anything thrown, as what a view can show. */
export function asDeskError(error: unknown): DeskError {
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) return error as DeskError;
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** Takes Android's way back over from the system until the returned function is called; elsewhere there is none. */
export function onWayBack(callback: () => void): () => void {
  if (fake || !/Android/.test(navigator.userAgent)) return () => {};
  const listening = onBackButtonPress(callback);
  return () => void listening.then((listener) => listener.unregister());
}

/** A part of a page at a scale; `x`, `y`, `w`, `h` in px of the page image at that scale, `scale` in px per point. */
export interface TileAddress {
  doc: string;
  page: number;
  scale: number;
  x: number;
  y: number;
  w: number;
  h: number;
  priority: "visible" | "near" | "prefetch";
  ticket: number;
  /** Paper dark, ink light, pictures as they are. */
  isDark?: boolean;
}

// Windows and Android cannot load a scheme of one's own: there it is spelled as a host.
const origin = /Windows|Android/.test(navigator.userAgent) ? "http://page.localhost" : "page://localhost";

/** The address of a tile, for `<img src>`. */
export function tileUrl(tile: TileAddress): string {
  if (fake) return fake.tileUrl(tile);
  const { doc, page, scale, x, y, w, h, priority, ticket, isDark } = tile;
  return `${origin}/${doc}/${page}?s=${scale}&x=${x}&y=${y}&w=${w}&h=${h}&p=${priority}&t=${ticket}${isDark ? "&d=1" : ""}`;
}
